/** Three workers and three backfills of the stream, on a real server: one connection at a time, also after a kill -9. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import type { backfill } from '../../src/workflows/index.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;

let world: World;
let wikimedia: Wikimedia;
let workers: Child[];
let most = 0;
let watching: NodeJS.Timeout;
const startMs = Math.floor(Date.now() / HOUR) * HOUR - 8 * HOUR;
const at = (hour: number): string => new Date(startMs + hour * HOUR).toISOString();

beforeAll(async () => {
  world = await openWorld();
  wikimedia = await startWikimedia(parseSimulateOptions({ port: '0', rate: '4', from: at(0), seed: '5' }));
  watching = setInterval(() => (most = Math.max(most, wikimedia.connections().length)), 5);
  const start = () => startProcess(world, 'worker', { env: settingsOf(wikimedia) });
  workers = await Promise.all([start(), start(), start()]);
});
afterAll(async () => {
  clearInterval(watching);
  await Promise.all(workers.map(worker => worker.stop()));
  await wikimedia.close();
  await world.close();
});

test('backfills of all workers share one connection to the stream, and all complete', async () => {
  const handles = await Promise.all(
    [0, 2, 4].map(hour =>
      world.client.workflow.start<typeof backfill>('backfill', {
        taskQueue: TASK_QUEUE,
        workflowId: `backfill-${hour}`,
        args: [{ from: at(hour), to: at(hour + 2), source: 'stream' }],
      }),
    ),
  );
  await untilHolds(() => expect(wikimedia.connections().length).toBeGreaterThan(0), { everyMs: 2 });
  await workers[0]?.kill();
  // A window that failed for good would fail the run.
  for (const handle of handles) await handle.result();
  expect(most).toBe(1);
});
