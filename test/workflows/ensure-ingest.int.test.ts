/** The Schedule that starts ingest again after a failure, and only then, on a real server. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import type { EnsuredIngest } from '../../src/contracts/temporal/ensure-ingest.ts';
import { ENSURE_INGEST_ID, TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { replayRuns } from '../support/histories.ts';
import { startProcess } from '../support/processes.ts';
import { LOG_KEYS } from '../support/stream.ts';
import { triggered } from '../support/triggered.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

let wikimedia: Wikimedia;
let world: World;
let worker: Child;
beforeAll(async () => {
  wikimedia = await startWikimedia({ port: 0, rate: 20 });
});
afterAll(() => wikimedia.close());
beforeEach(async () => {
  world = await openWorld();
  worker = await startProcess(world, 'worker', {
    env: { FLUSH_MIN_LINES: '500', FLUSH_MAX_SEC: '1', EVENTSTREAMS_URL: wikimedia.streamUrl },
  });
});
afterEach(async () => {
  await worker.stop();
  await replayRuns(world, 'ensure-ingest');
  await world.close();
});

const ingest = () => world.client.workflow.getHandle(INGEST_ID);
const statusOf = async (): Promise<string> => (await ingest().describe()).status.name;
const untilStatus = (status: string) => untilHolds(async () => expect(await statusOf()).toBe(status));

const ensure = async (): Promise<EnsuredIngest> =>
  (await triggered(world.client, ENSURE_INGEST_ID)) as EnsuredIngest;

test('ingest that failed is started again with its input, which does not hide why it failed', async () => {
  const input = { since: new Date(Date.now() - 300_000).toISOString(), wikis: ['enwiki'] };
  await startIngest(world.client, INGEST_ID, input);
  const progress = () =>
    ingest().query<{ readonly acknowledged: number; readonly events: number }>('progress');
  await untilHolds(async () => expect((await progress()).events).toBeGreaterThan(0));
  expect(await ensure()).toEqual({ outcome: 'left', status: 'running' });

  // Somebody else's object where the next records belong.
  const { acknowledged } = await progress();
  const foreign = Array.from({ length: 20 }, (_, i) => LOG_KEYS.keyOf(acknowledged + 1 + i));
  for (const key of foreign) {
    await world.store.putIfAbsent(key, Buffer.from('not ours'), { contentType: 'text/plain' });
  }
  await untilStatus('FAILED');
  const failed = await ingest().describe();
  const restarted = { outcome: 'restarted', status: 'failed', failure: expect.stringContaining('not ours') };
  expect(await ensure()).toEqual(restarted);
  await untilHolds(async () => {
    const { status, runId } = await ingest().describe();
    expect(runId).not.toBe(failed.runId);
    expect(status.name).toBe('FAILED');
  });

  for (const key of foreign) {
    const object = await world.store.get(key);
    if (Buffer.from(object?.body ?? []).toString() === 'not ours') await world.store.remove(key);
  }
  expect(await ensure()).toEqual(restarted);
  await untilHolds(async () => expect((await progress()).acknowledged).toBeGreaterThan(acknowledged));
  expect(await progress()).toMatchObject(input);
});

test('ingest that was never started, terminated, canceled or stopped is left alone', async () => {
  expect(await ensure()).toEqual({ outcome: 'left', status: 'never_started' });
  await startIngest(world.client, INGEST_ID, {});
  await ingest().terminate('somebody wants this');
  expect(await ensure()).toEqual({ outcome: 'left', status: 'terminated' });

  await startIngest(world.client, INGEST_ID, {});
  await ingest().signal('stop');
  await untilStatus('COMPLETED');
  expect(await ensure()).toEqual({ outcome: 'left', status: 'completed' });

  await startIngest(world.client, INGEST_ID, {});
  await ingest().cancel();
  await untilStatus('CANCELLED');
  expect(await ensure()).toEqual({ outcome: 'left', status: 'cancelled' });
});

test('a failure that the same input would have again is left alone, and named', async () => {
  await world.client.workflow.start('ingest', {
    taskQueue: TASK_QUEUE,
    workflowId: INGEST_ID,
    args: [{ sinse: 1 }],
  });
  await untilStatus('FAILED');
  expect(await ensure()).toMatchObject({
    outcome: 'left',
    status: 'failed',
    failure: expect.stringContaining('sinse'),
    why: expect.any(String),
  });
  expect(await statusOf()).toBe('FAILED');
});
