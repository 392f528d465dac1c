/**
 * What Temporal would bill for a day at live settings, on a real server: heartbeats as it receives them, and one run of
 * each Schedule. Flushes are the rest: 288 a day, with a handful of actions each.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  actionsOfRun,
  actionsSoFar,
  countHeartbeats,
  heartbeatsPerDay,
  scaledActions,
  totalOfActions,
} from '../../../dev/costs/actions.ts';
import { LOOKS_PER_DAY, RUNS_PER_DAY } from '../../../dev/costs/bill.ts';
import { startWikimedia } from '../../../dev/simulator/server.ts';
import type { Wikimedia } from '../../../dev/simulator/server.ts';
import type { Child } from '../../../dev/stack/child.ts';
import { TASK_QUEUE } from '../../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../../src/recentchange/definition.ts';
import { startIngest } from '../../../src/temporal/start-ingest.ts';
import { startProcess } from '../../support/processes.ts';
import { untilHolds } from '../../support/until.ts';
import { openWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';

/** Per day: the budget, and what flushes, hours and new runs take of it. */
const BUDGET = 25_000;
const FOR_FLUSHES = 2_000;
const MEASURE_MS = 30_000;

let wikimedia: Wikimedia;
let world: World;
let worker: Child;
beforeAll(async () => {
  wikimedia = await startWikimedia({ port: 0, rate: 20 });
  world = await openWorld({ gold: 's3' });
  const env = { EVENTSTREAMS_URL: wikimedia.streamUrl };
  worker = await startProcess(world, 'worker', { env });
});
afterAll(async () => {
  await worker.stop();
  await world.close();
  await wikimedia.close();
});

test('heartbeats and Schedules stay within the budget of a day', async () => {
  await startIngest(world.client, INGEST_ID, {});
  await untilHolds(() => expect(wikimedia.connections()).toHaveLength(1));
  const heartbeats = await countHeartbeats(world.client, INGEST_ID, AbortSignal.timeout(MEASURE_MS));
  expect(heartbeats.count).toBeGreaterThan(0);
  const schedules = [
    await actionsOfRun(world.client, 'ensureIngest', TASK_QUEUE),
    await actionsOfRun(world.client, 'compactDays', TASK_QUEUE),
  ];
  const look = await actionsOfRun(world.client, 'detectAnomalies', TASK_QUEUE);
  const perDay = {
    heartbeats: heartbeatsPerDay(heartbeats),
    schedules: schedules.reduce((sum, run) => sum + totalOfActions(scaledActions(run, RUNS_PER_DAY)), 0),
    looks: totalOfActions(scaledActions(look, LOOKS_PER_DAY)),
  };
  expect(totalOfActions(perDay)).toBeLessThanOrEqual(BUDGET - FOR_FLUSHES);
  const known = await actionsSoFar(world.client);
  expect(known).toMatchObject({ workflows: expect.any(Number), activities: expect.any(Number) });

  const { status } = await world.client.workflow.getHandle(INGEST_ID).describe();
  expect(status.name).toBe('RUNNING');
});
