/** What is stored, in comparable form, and what it must be according to the oracle of the simulated Wikimedia. */
import { createGunzip } from 'node:zlib';
import { expect } from 'vitest';
import { GOLD_HOURS } from '../../src/contracts/storage/object-keys.ts';
import type { GoldPlace } from '../../src/config/places.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { isoSeconds } from '../../src/core/time.ts';
import { GoldFile } from '../../src/gold/parquet/row-file.ts';
import { untilHolds } from './until.ts';
import type { World } from './world.ts';

/** One row of gold or of the oracle, as text: `2026-11-20T10:05:00Z enwiki false 3 -12`. */
export type Row = string;

/** SQL: a row of `gold.edits_per_min` as text. */
export const ROW_AS_TEXT = `concat_ws(' ', to_char(ts_minute at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), wiki,
            case when is_bot then 'true' else 'false' end, edits, bytes_change)`;

export function rowText({ minute, wiki, isBot, edits, bytesChange }: MinuteRow): Row {
  return [isoSeconds(minute), wiki, isBot, edits, bytesChange].join(' ');
}

/** How many lines of a difference are shown, of what may be a hundred thousand. */
const SHOWN = 20;

/** Compares lines, each as often as it occurs. Returns the first lines that differ as text; empty if none does. */
export function differenceOf(what: string, actual: readonly string[], expected: readonly string[]): string {
  const missing = without(expected, actual);
  const superfluous = without(actual, expected);
  return missing.length + superfluous.length === 0
    ? ''
    : `${what}: ${missing.length} missing: ${shown(missing)}\n${superfluous.length} superfluous: ${shown(superfluous)}`;
}

/** Lines of `all` that `others` lacks, or has fewer times. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return all.filter(line => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

function shown(lines: readonly string[]): string {
  return lines
    .slice(0, SHOWN)
    .map(line => `\n  ${line}`)
    .join('');
}

/** Rows of gold for minutes in [from, to), sorted as text, from the first place of gold. */
export async function goldRows(
  world: Pick<World, 'places' | 'sql' | 'store'>,
  from: string,
  to: string,
): Promise<Row[]> {
  return rowsIn(world, world.places[0], from, to);
}

/** Expects exactly these rows in every place of gold. */
export async function expectGold(
  world: Pick<World, 'places' | 'sql' | 'store'>,
  from: string,
  to: string,
  expected: readonly Row[],
): Promise<void> {
  for (const place of world.places) {
    const rows = await rowsIn(world, place, from, to);
    expect({ place: place.kind, rows }).toEqual({ place: place.kind, rows: expected });
  }
}

/** The same in one of its places. */
function rowsIn(
  world: Pick<World, 'sql' | 'store'>,
  { kind }: GoldPlace,
  from: string,
  to: string,
): Promise<Row[]> {
  return kind === 's3' ? rowsInS3(world, from, to) : rowsInPostgres(world, from, to);
}

/** The rows of all objects of a dataset of gold in S3, sorted as text. */
export async function rowsInS3(
  { store }: Pick<World, 'store'>,
  from: string,
  to: string,
  dataset = GOLD_HOURS,
): Promise<Row[]> {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const rows: Row[] = [];
  for await (const keys of store.list(dataset)) {
    for (const key of keys) {
      // The local gateway may mix two versions of an object while it is being replaced. A second read gets one of them.
      const found = await untilHolds(
        async () => (await GoldFile.of((await store.read(key))?.body ?? new Uint8Array())).rows(),
        { withinMs: 5_000 },
      );
      for (const row of found)
        if (row.minute * 1000 >= fromMs && row.minute * 1000 < toMs) rows.push(rowText(row));
    }
  }
  return rows.sort();
}

/** The rows of the table, sorted as text. */
export async function rowsInPostgres({ sql }: Pick<World, 'sql'>, from: string, to: string): Promise<Row[]> {
  const { rows } = await sql.query<{ row: string }>(
    `select ${ROW_AS_TEXT} as row
     from gold.edits_per_min where ts_minute >= $1 and ts_minute < $2`,
    [from, to],
  );
  return rows.map(({ row }) => row).sort();
}

/**
 * Waits until every place of gold equals the oracle for minutes in [from, to), row by row. Asks the oracle each time,
 * because events of a minute can arrive up to a quarter of an hour late.
 */
export async function untilExact(
  world: World,
  wikimedia: string,
  from: string,
  to: string,
  withinMs = 240_000,
): Promise<void> {
  await untilHolds(async () => expectGold(world, from, to, await oracleRows(wikimedia, from, to)), {
    withinMs,
    everyMs: 500,
  });
}

interface OracleRow {
  readonly ts_minute: string;
  readonly wiki: string;
  readonly is_bot: boolean;
  readonly edits: number;
  readonly bytes_change: number;
}

/**
 * The rows that gold must have for minutes in [from, to), sorted as text.
 * @param question more parameters of the oracle: `source`, `wikis`, `types`
 */
export async function oracleRows(
  wikimedia: string,
  from: string,
  to: string,
  question: Readonly<Record<string, string>> = {},
): Promise<Row[]> {
  const answer = await ask(wikimedia, 'oracle', from, to, question);
  const rows = (await answer.json()) as OracleRow[];
  return rows
    .map(row => `${row.ts_minute} ${row.wiki} ${row.is_bot} ${row.edits} ${row.bytes_change}`)
    .sort();
}

/** `meta.id` of every event that was emitted with a timestamp in [from, to), sorted. */
export async function oracleIds(wikimedia: string, from: string, to: string): Promise<string[]> {
  const lines = await ask(wikimedia, 'oracle/events', from, to).then(answer => answer.text());
  return lines
    .split('\n')
    .filter(line => line !== '')
    .map(line => (JSON.parse(line) as { id: string }).id)
    .sort();
}

/** Number of distinct unusable messages that were emitted in [from, to). */
export async function oracleGarbage(wikimedia: string, from: string, to: string): Promise<number> {
  const answer = (await ask(wikimedia, 'oracle/garbage', from, to).then(response => response.json())) as {
    messages: number;
  };
  return answer.messages;
}

/** An event as it is stored in bronze. */
export interface StoredEvent {
  readonly key: string;
  readonly line: string;
  readonly id: string;
  /** Epoch seconds. */
  readonly timestamp: number;
}

/** Every event of every object under `bronze/yyyy=…`, named by a log record or not. */
export async function bronzeEvents(world: Pick<World, 'store'>): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (const key of await keysUnder(world, 'bronze/yyyy=')) {
    for (const line of await linesOf(world, key)) {
      const { meta, timestamp } = JSON.parse(line) as { meta: { id: string }; timestamp: number };
      events.push({ key, line, id: meta.id, timestamp });
    }
  }
  return events;
}

/** Every dead letter. */
export async function deadLetters(world: World): Promise<{ reason: string; raw: string; eventId: string }[]> {
  const keys = await keysUnder(world, 'deadletter/');
  const lines = await Promise.all(keys.map(key => linesOf(world, key)));
  return lines.flat().map(line => JSON.parse(line) as { reason: string; raw: string; eventId: string });
}

/** All keys under a prefix. */
export async function keysUnder({ store }: Pick<World, 'store'>, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of store.list(prefix)) keys.push(...page);
  return keys;
}

/** Lines of a gzipped object. */
export async function linesOf({ store }: Pick<World, 'store'>, key: string): Promise<string[]> {
  const object = await store.get(key);
  const gunzip = createGunzip();
  gunzip.end(object?.body);
  const chunks: Buffer[] = [];
  for await (const chunk of gunzip) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '');
}

async function ask(
  wikimedia: string,
  path: string,
  from: string,
  to: string,
  question: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const query = new URLSearchParams({ from, to, ...question });
  const answer = await fetch(`${wikimedia}/${path}?${query.toString()}`);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}
