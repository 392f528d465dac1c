/** The end of every fault test: compares bronze, gold, dead letters and log with the oracle, row by row. */
import { expect } from 'vitest';
import {
  bronzeEvents,
  deadLetters,
  differenceOf,
  keysUnder,
  oracleGarbage,
  oracleIds,
  oracleRows,
  rowsInPostgres,
  rowsInS3,
} from '../../support/exactness.ts';
import { readRecord } from '../../../src/bronze/commit-log.ts';
import { untilHolds } from '../../support/until.ts';
import { sequences } from './movement.ts';
import type { Pipeline } from './pipeline.ts';
import { LOG_KEYS } from '../../support/stream.ts';

/**
 * In each place of gold: waits until all edits of the universe have arrived, or the deadline has passed; then its rows
 * must equal the oracle's.
 */
export async function expectGold(pipeline: Pipeline, withinMs: number): Promise<void> {
  const { range, wikimedia, world } = pipeline;
  const expected = await oracleRows(wikimedia.url, ...range);
  for (const { kind } of world.places) {
    // The world's own connection may have died with the server.
    const sql = kind === 's3' ? undefined : await pipeline.connectPostgres();
    try {
      const rows = () => (sql === undefined ? rowsInS3(world, ...range) : rowsInPostgres({ sql }, ...range));
      const arrived = async (): Promise<void> => expect(editsOf(await rows())).toBe(editsOf(expected));
      // A timeout is ignored here: the comparison below reports more than a wrong sum.
      await untilHolds(arrived, { withinMs, everyMs: 1_000 }).catch(() => undefined);
      expectSame(`gold in ${kind}`, await rows(), expected);
    } finally {
      await sql?.end();
    }
  }
}

/** Waits until the log names every object of bronze and every dead letter, except those of another program. */
export async function untilSwept({ world, foreign }: Pick<Pipeline, 'world' | 'foreign'>): Promise<void> {
  const names = new Set<string>(foreign);
  for (const sequence of await sequences(world)) {
    const record = await readRecord(world.store, LOG_KEYS, sequence);
    if (record?.kind !== 'commit') continue;
    for (const { key } of [...record.parts, ...record.deadLetters]) names.add(key);
  }
  await untilHolds(async () => {
    const keys = [...(await keysUnder(world, 'bronze/yyyy=')), ...(await keysUnder(world, 'deadletter/'))];
    expect(keys.filter(key => !names.has(key))).toEqual([]);
  });
}

/** Compares bronze, dead letters and log with the oracle, after all workers have stopped. */
export async function expectBronze({ range, wikimedia, world, foreign }: Pipeline): Promise<void> {
  const fromMs = Date.parse(range[0]);
  // Both at the start: a connection that idles during the long comparison may be closed just when it is reused.
  const [expected, garbage] = await Promise.all([
    oracleIds(wikimedia.url, ...range),
    oracleGarbage(wikimedia.url, ...range),
  ]);
  const all = await bronzeEvents(world);
  const keys = new Set(all.map(({ key }) => key));
  // Nothing removes what another program wrote.
  expect(foreign.filter(key => !keys.has(key))).toEqual([]);
  const stored = all.filter(({ key }) => !foreign.includes(key));
  // Events that arrive late at the start have timestamps before the range.
  const ids = stored.filter(event => event.timestamp * 1000 >= fromMs).map(event => event.id);
  expectSame('bronze', ids, expected);
  expect(await deadLetters(world)).toHaveLength(garbage);
  const log = await sequences(world);
  expect(log).toEqual(log.map((_, i) => i + 1));
}

/** Expects the same lines, equally often. */
function expectSame(what: string, actual: readonly string[], expected: readonly string[]): void {
  expect(differenceOf(what, actual, expected)).toBe('');
}

function editsOf(rows: readonly string[]): number {
  return rows.reduce((total, row) => total + Number(row.split(' ')[3]), 0);
}
