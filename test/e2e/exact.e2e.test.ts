/**
 * The main promise, on real servers: 60,000 events arrive through cuts, resets, duplicates, garbage and redelivery, while
 * the worker is killed with SIGKILL six times at random. Then gold equals the oracle row by row, and bronze has each
 * event once. The short form has half the events and four kills.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { untilHolds } from '../support/until.ts';
import {
  bronzeEvents,
  deadLetters,
  expectGold,
  goldRows,
  oracleGarbage,
  oracleIds,
  oracleRows,
} from '../support/exactness.ts';
import { GOLDS, isLong } from '../support/form.ts';
import { startProcess } from '../support/processes.ts';
import { verifyWorld } from '../support/verify.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { STREAM_WITH_NEW } from '../support/stream.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EVENTS = isLong ? 60_000 : 30_000;
const RATE = 40;
const KILLS = isLong ? 6 : 4;

describe.each(GOLDS)('exact through faults and kill -9, gold in %s', gold => {
  let world: World;
  let wikimedia: Wikimedia;
  // Whole minutes in the past, so that the first and the last can be compared too.
  const until = Math.floor(Date.now() / MINUTE) * MINUTE;
  const from = until - Math.ceil(EVENTS / RATE / 60) * MINUTE;
  const range = [new Date(from).toISOString(), new Date(until).toISOString()] as const;

  beforeAll(async () => {
    world = await openWorld({ gold });
    wikimedia = await startWikimedia(
      parseSimulateOptions({
        port: '0',
        rate: String(RATE),
        from: range[0],
        until: range[1],
        // Slow enough that the kills come while it streams.
        replayRate: '2500',
        faults: 'cut=4s,rst=9s,garbage=0.003,duplicate=0.01,redelivery=6s,unavailable=15s/2s',
      }),
    );
  });
  afterAll(async () => {
    await wikimedia.close();
    await world.close();
  });

  test('gold equals the oracle, bronze has each meta.id once, garbage is in the dead letters', async () => {
    const env = {
      EVENTSTREAMS_URL: wikimedia.streamUrl,
      // Page creations count here; everywhere else edits alone do.
      EDIT_TYPES: 'edit,new',
      FLUSH_MIN_LINES: '1500',
      FLUSH_MAX_SEC: '2',
    };
    await startIngest(world.client, INGEST_ID, { since: range[0] });
    for (let kill = 0; kill < KILLS; kill += 1) {
      const worker = await startProcess(world, 'worker', { env });
      await sleep(1_500 + Math.random() * 4_000);
      await worker.kill();
    }
    const worker = await startProcess(world, 'worker', { env });

    const expected = await oracleRows(wikimedia.url, ...range, { types: 'edit,new' });
    await untilHolds(async () => expect(sum(await goldRows(world, ...range))).toBe(sum(expected)), {
      withinMs: 300_000,
    });
    await untilHolds(() => expectGold(world, ...range, expected));
    // The worker commits what follows the last edit (log entries, garbage) before it stops.
    await worker.stop();

    const stored = await bronzeEvents(world);
    expect(new Set(stored.map(event => event.id)).size).toBe(stored.length);
    // Events that arrive late at the start have timestamps before the range.
    const ids = stored.filter(event => event.timestamp * 1000 >= from).map(event => event.id);
    expect(ids.sort()).toEqual(await oracleIds(wikimedia.url, ...range));
    expect(await deadLetters(world)).toHaveLength(await oracleGarbage(wikimedia.url, ...range));
    // Nothing was lost, so no gap is recorded.
    expect(await world.gold.gaps(0)).toEqual([]);
    const hours = String(Math.ceil((Date.now() - from) / HOUR) + 1);
    for (const place of world.places)
      expect(
        await verifyWorld(
          { store: world.store, places: [place] },
          { hours },
          { definition: STREAM_WITH_NEW },
        ),
      ).toMatchObject({ code: 0 });
    const { cut, rst, duplicate, garbage } = wikimedia.faults.counts();
    for (const count of [cut, rst, duplicate, garbage]) expect(count).toBeGreaterThan(0);
  }, 600_000);
});

function sum(rows: readonly string[]): number {
  return rows.reduce((total, row) => total + Number(row.split(' ')[3]), 0);
}
