/**
 * A running installation moves gold from Postgres to S3, and back: ingest resumes where it was, and one
 * `npm run transform` adds what the new place lacks.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { runCli } from '../support/cli.ts';
import { oracleRows, rowsInPostgres, rowsInS3 } from '../support/exactness.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;
const HOURS = 6;

describe('moving gold', () => {
  let world: World;
  let worker: Child | undefined;
  const universes: Wikimedia[] = [];
  const endMs = Math.floor(Date.now() / HOUR) * HOUR;
  const at = (hour: number): string => new Date(endMs - (HOURS - hour) * HOUR).toISOString();

  beforeAll(async () => {
    // Each process gets its own GOLD below.
    world = await openWorld({ gold: 'postgres,s3' });
  });
  afterAll(async () => {
    await worker?.stop();
    for (const universe of universes) await universe.close();
    await world.close();
  });

  /** Starts a worker that keeps gold in one place, on the universe up to an hour. Returns the rows that gold must have then. */
  const workOn = async (gold: 'postgres' | 's3', until: number): Promise<string[]> => {
    await worker?.stop();
    const universe = await startWikimedia(
      parseSimulateOptions({ port: '0', rate: '2', seed: '5', from: at(0), until: at(until) }),
    );
    universes.push(universe);
    const env = { GOLD: gold, EVENTSTREAMS_URL: universe.streamUrl, FLUSH_MAX_SEC: '1' };
    worker = await startProcess(world, 'worker', { env, name: `worker-${until}` });
    return oracleRows(universe.url, at(0), at(until));
  };
  const transform = async (gold: string): Promise<void> => {
    const range = ['transform', '--from', at(0), '--to', at(HOURS)];
    const { code, output } = await runCli(world, range, { env: { GOLD: gold } });
    expect({ code, output }).toMatchObject({ code: 0 });
  };
  const inPostgres = (until: number) => rowsInPostgres(world, at(0), at(until));
  const inS3 = (until: number) => rowsInS3(world, at(0), at(until));

  test('from Postgres to S3 and back, gold is complete after one transform', async () => {
    await startIngest(world.client, INGEST_ID, { since: at(0) });
    const first = await workOn('postgres', 2);
    await untilHolds(async () => expect(await inPostgres(2)).toEqual(first), { everyMs: 500 });
    expect(await inS3(2)).toEqual([]);

    const second = await workOn('s3', 4);
    await untilHolds(async () => expect((await inS3(4)).at(-1)).toBe(second.at(-1)), { everyMs: 500 });
    await transform('s3');
    await untilHolds(async () => expect(await inS3(4)).toEqual(second), { everyMs: 500 });
    // The other place is unchanged.
    expect(await inPostgres(4)).toEqual(first);

    const third = await workOn('postgres', 6);
    await untilHolds(async () => expect((await inPostgres(6)).at(-1)).toBe(third.at(-1)), { everyMs: 500 });
    await transform('postgres');
    await untilHolds(async () => expect(await inPostgres(6)).toEqual(third), { everyMs: 500 });
  }, 240_000);
});
