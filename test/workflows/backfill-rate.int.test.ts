/** The task queue limits the rate of requests to the Action API, for all workers together. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { WIKIS } from '../../dev/simulator/wikis.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import type { backfill } from '../../src/workflows/index.ts';
import { startProcess } from '../support/processes.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;
const PER_MINUTE = 60;

let world: World;
let wikimedia: Wikimedia;
let workers: Child[];
beforeAll(async () => {
  world = await openWorld();
  const from = new Date(Date.now() - 30 * HOUR).toISOString();
  wikimedia = await startWikimedia(parseSimulateOptions({ port: '0', rate: '1', from, seed: '9' }));
  const env = {
    ...settingsOf(wikimedia),
    ACTION_API_PER_MINUTE: String(PER_MINUTE),
  };
  workers = [await startProcess(world, 'worker', { env }), await startProcess(world, 'worker', { env })];
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await wikimedia.close();
  await world.close();
});

test('two workers together stay within the rate of one', async () => {
  const wikis = WIKIS.slice(0, 70).map(({ db }) => db);
  const to = Math.floor(Date.now() / HOUR) * HOUR - HOUR;
  const report = await world.client.workflow.execute<typeof backfill>('backfill', {
    taskQueue: TASK_QUEUE,
    workflowId: 'backfill-rate',
    args: [
      {
        from: new Date(to - HOUR).toISOString(),
        to: new Date(to).toISOString(),
        source: 'api',
        wikis,
        concurrency: 16,
      },
    ],
  });
  const { perMinute = {}, mostAtOnce } = wikimedia.mirror?.counts.api ?? {};
  console.log(
    `${report.requests} requests of ${wikis.length} wikis, by minute: ${JSON.stringify(perMinute)}`,
  );
  // One request per hour and wiki: without the limit they would all fall into one minute.
  expect(report.requests).toBeGreaterThan(PER_MINUTE * 1.1);
  // The plan adds a few requests of its own.
  for (const count of Object.values(perMinute)) expect(count).toBeLessThanOrEqual(PER_MINUTE * 1.1);
  expect(mostAtOnce).toBeLessThanOrEqual(2 * 3);
}, 400_000);
