/** A backfill that is canceled half way: what it has fetched counts and is recorded, and nothing else is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { goldRows, keysUnder, oracleRows } from '../support/exactness.ts';
import { startGatedWorker } from '../support/gated-worker.ts';
import type { GatedWorker } from '../support/gated-worker.ts';
import { replayRuns } from '../support/histories.ts';
import { untilHolds } from '../support/until.ts';
import { verifyWorld } from '../support/verify.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;

describe('a backfill that is canceled', () => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: GatedWorker;
  const startMs = Math.floor(Date.now() / HOUR) * HOUR - 8 * HOUR;
  const at = (hour: number): string => new Date(startMs + hour * HOUR).toISOString();
  beforeAll(async () => {
    world = await openWorld();
    // So slow that a window of six hours takes a while.
    wikimedia = await startWikimedia(
      parseSimulateOptions({ port: '0', rate: '1', from: at(0), seed: '8', replayRate: '1000' }),
    );
    worker = await startGatedWorker(world, { ...settingsOf(wikimedia), ACTION_API_PER_MINUTE: '6000' });
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, 'cancel-backfill');
    await wikimedia.close();
    await world.close();
  });

  const start = (workflowId: string, input: object) =>
    world.client.workflow.start('backfill', { taskQueue: TASK_QUEUE, workflowId, args: [input] });
  const hasPart = async (hour: number): Promise<boolean> =>
    (await keysUnder(world, hourPrefix(at(hour).slice(0, 13)))).length > 0;
  const hoursWithParts = async (): Promise<number[]> => {
    const hours = [0, 1, 2, 3, 4, 5];
    const found = await Promise.all(hours.map(hasPart));
    return hours.filter((_, i) => found[i]);
  };

  test('while it reads the stream: the hours that are stored are counted and covered', async () => {
    const run = await start('stream', { from: at(0), to: at(6), source: 'stream' });
    await untilHolds(async () => expect(await hoursWithParts()).toContain(1));
    await run.cancel();
    await untilHolds(async () => expect((await run.describe()).status.name).toBe('CANCELLED'));
    const stored = await hoursWithParts();
    expect(stored.length).toBeLessThan(6);
    const end = at(stored.length);
    expect(await goldRows(world, at(0), at(6))).toEqual(await oracleRows(wikimedia.url, at(0), end));
    const coverage = await world.gold.coverage(0);
    expect(coverage).toEqual([expect.objectContaining({ source: 'stream', from: at(0), to: end })]);
    expect(await verifyWorld(world, { from: at(0), to: at(6) })).toMatchObject({ code: 0 });
  });

  test('while it rebuilds: the hours that it has read are counted and covered', async () => {
    worker.hold('rebuildHour');
    const run = await start('api', { from: at(6), to: at(7), source: 'api', wikis: ['enwiki', 'dewiki'] });
    await worker.untilHeld('rebuildHour');
    await run.cancel();
    // The child of the hour ends with the run; the rebuild that the end of the run begins is not held.
    worker.open();
    await untilHolds(async () => expect((await run.describe()).status.name).toBe('CANCELLED'));
    const expected = await oracleRows(wikimedia.url, at(6), at(7), { wikis: 'enwiki,dewiki' });
    expect(await goldRows(world, at(6), at(7))).toEqual(expected);
    const covered = { source: 'api', from: at(6), to: at(7), wikis: ['enwiki', 'dewiki'] };
    expect(await world.gold.coverage(0)).toContainEqual(expect.objectContaining(covered));
  });
});
