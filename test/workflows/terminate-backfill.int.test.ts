/** A backfill that is terminated half way: the hours that it has counted are recorded, and no others. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { goldRows, oracleRows } from '../support/exactness.ts';
import { startGatedWorker } from '../support/gated-worker.ts';
import type { GatedWorker } from '../support/gated-worker.ts';
import { replayRuns } from '../support/histories.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;

describe('a backfill that is terminated', () => {
  let world: World;
  let wikimedia: Wikimedia;
  let worker: GatedWorker;
  const startMs = Math.floor(Date.now() / HOUR) * HOUR - 12 * HOUR;
  const at = (hour: number): string => new Date(startMs + hour * HOUR).toISOString();
  beforeAll(async () => {
    world = await openWorld();
    wikimedia = await startWikimedia(parseSimulateOptions({ port: '0', rate: '8', from: at(-2), seed: '9' }));
    // A page a second, and several pages an hour.
    worker = await startGatedWorker(world, { ...settingsOf(wikimedia), ACTION_API_PER_MINUTE: '60' });
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, 'terminate-backfill');
    await wikimedia.close();
    await world.close();
  });

  test('has recorded the hours of its wikis that are counted', async () => {
    const range = { from: at(0), to: at(12), wikis: ['enwiki', 'commonswiki'] };
    const run = await world.client.workflow.start('backfill', {
      taskQueue: TASK_QUEUE,
      workflowId: 'terminated',
      args: [{ ...range, source: 'api' }],
    });
    const recorded = async () => (await world.gold.coverage(0))[0];
    await untilHolds(async () =>
      expect(Date.parse((await recorded())?.to ?? at(0))).toBeGreaterThan(startMs + HOUR),
    );
    await run.terminate('test');
    await untilHolds(async () => expect((await run.describe()).status.name).toBe('TERMINATED'));
    const coverage = await world.gold.coverage(0);
    const { to = '' } = coverage[0] ?? {};
    expect(to < range.to).toBe(true);
    expect(coverage).toEqual([expect.objectContaining({ ...range, to, source: 'api' })]);
    const expected = await oracleRows(wikimedia.url, at(0), to, { wikis: range.wikis.join(',') });
    expect(await goldRows(world, at(0), to)).toEqual(expected);
  });
});
