/**
 * The ingest workflow on a real server, with a real stream: what an operator can ask of it, how it hands parts to their
 * hours, and that it does not depend on its own state.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { readerOf } from '../../src/temporal/pipeline-reader.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { untilHolds } from '../support/until.ts';
import { bronzeEvents, goldRows, oracleRows, untilExact } from '../support/exactness.ts';
import { replayRuns } from '../support/histories.ts';
import { startProcess } from '../support/processes.ts';
import { StreamEdge } from '../support/stream-edge.ts';
import { temporalCli } from '../support/temporal-cli.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const MINUTE = 60_000;
/** Flushes only on request. */
const NEVER = { FLUSH_MIN_LINES: '1000000', FLUSH_MAX_SEC: '3600' };
const OFTEN = { FLUSH_MIN_LINES: '500', FLUSH_MAX_SEC: '1' };

describe('ingest', () => {
  let wikimedia: Wikimedia;
  let world: World;
  let worker: Child | undefined;
  beforeAll(async () => {
    wikimedia = await startWikimedia({ port: 0, rate: 20 });
  });
  afterAll(() => wikimedia.close());
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(async () => {
    await worker?.stop();
    await replayRuns(world, 'ingest');
    await world.close();
  });

  const run = async (flushing: Record<string, string>): Promise<void> => {
    worker = await startProcess(world, 'worker', {
      env: { ...flushing, EVENTSTREAMS_URL: wikimedia.streamUrl },
    });
  };
  const sinceMs = (): number => Math.floor(Date.now() / MINUTE) * MINUTE - 5 * MINUTE;
  const handle = (): WorkflowHandle => world.client.workflow.getHandle(INGEST_ID);
  const progress = () => handle().query<Progress>('progress');

  test('flush, pause, resume and stop do what they say', async () => {
    const from = sinceMs();
    await run(NEVER);
    await startIngest(world.client, INGEST_ID, { since: new Date(from).toISOString() });
    await untilHolds(async () =>
      expect(await progress()).toMatchObject({ stage: 'streaming', waitingFor: 'the next flush' }),
    );
    await untilHolds(() => expect(wikimedia.connections()).toHaveLength(1));

    await handle().signal('flush');
    await untilHolds(async () => expect((await progress()).events).toBeGreaterThan(1_000));
    await handle().signal('pause');
    await untilHolds(async () =>
      expect(await progress()).toMatchObject({ stage: 'paused', waitingFor: 'the signal resume' }),
    );
    expect(wikimedia.connections()).toHaveLength(0);
    const paused = await progress();
    await handle().signal('resume');
    await untilHolds(() => expect(wikimedia.connections()).toHaveLength(1));
    await handle().signal('stop');

    const result = (await handle().result()) as Progress;
    expect(result.events).toBeGreaterThanOrEqual(paused.events);
    const stored = await bronzeEvents(world);
    expect(stored).toHaveLength(result.events);
    expect(new Set(stored.map(event => event.id)).size).toBe(stored.length);
    expect(wikimedia.connections()).toHaveLength(0);
  });

  test('starts a child for each hour, seals the hours that the watermark has passed, and gold is exact', async () => {
    const from = Math.floor(Date.now() / MINUTE) * MINUTE - 130 * MINUTE;
    const until = Math.floor(Date.now() / MINUTE) * MINUTE;
    const range = [new Date(from).toISOString(), new Date(until).toISOString()] as const;
    await run(OFTEN);
    await startIngest(world.client, INGEST_ID, { since: range[0] });
    await untilExact(world, wikimedia.url, ...range);

    const firstHour = new Date(from).toISOString().slice(0, 13);
    const child = await untilHolds(async () => {
      const description = await world.client.workflow.getHandle(`transform-${firstHour}`).describe();
      expect(description.status.name).toBe('COMPLETED');
      return description;
    });
    expect(child.parentExecution?.workflowId).toBe(INGEST_ID);
    expect(child.type).toBe('transformHour');
    await handle().signal('stop');
    await handle().result();
  });

  test('resumes from the log after it was terminated and started again, without loss or repetition', async () => {
    const from = sinceMs();
    await run(OFTEN);
    await startIngest(world.client, INGEST_ID, { since: new Date(from).toISOString() });
    await untilHolds(async () => expect((await progress()).events).toBeGreaterThan(2_000));
    await handle().terminate('as an operator might');
    // `since` counts only while the log is empty.
    await startIngest(world.client, INGEST_ID, { since: '2026-01-01T00:00:00Z' });
    const until = new Date(Math.floor(Date.now() / MINUTE) * MINUTE).toISOString();
    const range = [new Date(from).toISOString(), until] as const;
    await untilExact(world, wikimedia.url, ...range);
    const stored = await bronzeEvents(world);
    expect(new Set(stored.map(event => event.id)).size).toBe(stored.length);
  });

  test('resumes where it was after a reset from the Web UI or command line', async () => {
    const from = sinceMs();
    await run(OFTEN);
    await startIngest(world.client, INGEST_ID, { since: new Date(from).toISOString() });
    await untilHolds(async () => expect((await progress()).events).toBeGreaterThan(2_000));
    const reset = [
      'workflow',
      'reset',
      '--workflow-id',
      INGEST_ID,
      '--type',
      'FirstWorkflowTask',
      '--reason',
      'test',
    ];
    expect(await temporalCli(world, ...reset)).toMatchObject({ code: 0 });
    const until = new Date(Math.floor(Date.now() / MINUTE) * MINUTE).toISOString();
    const range = [new Date(from).toISOString(), until] as const;
    await untilExact(world, wikimedia.url, ...range);
  });

  test('keeps only the wikis that its input names', async () => {
    const from = sinceMs();
    const range = [new Date(from).toISOString(), new Date(from + 4 * MINUTE).toISOString()] as const;
    await run(OFTEN);
    await startIngest(world.client, INGEST_ID, { since: range[0], wikis: ['enwiki', 'dewiki'] });
    const all = await oracleRows(wikimedia.url, ...range);
    const expected = all.filter(row => /^\S+ (enwiki|dewiki) /.test(row));
    await untilHolds(async () => expect(await goldRows(world, ...range)).toEqual(expected), { everyMs: 500 });
  });

  test('shows what does not work as its stage, and reads on when it is over', async () => {
    const edge = await StreamEdge.open();
    worker = await startProcess(world, 'worker', { env: { ...OFTEN, EVENTSTREAMS_URL: edge.url } });
    await startIngest(world.client, INGEST_ID, { since: new Date(sinceMs()).toISOString() });

    const trouble = {
      kind: 'stream',
      what: expect.stringContaining('USER_AGENT'),
      since: expect.any(String),
    };
    await untilHolds(async () =>
      expect(await progress()).toMatchObject({ stage: 'troubled', troubles: [trouble] }),
    );
    await untilHolds(async () => {
      const { searchAttributes, raw } = await handle().describe();
      expect(searchAttributes['WikigaugeStage']).toEqual(['troubled']);
      const [payload] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
      const details: unknown = JSON.parse(Buffer.from(payload?.data ?? []).toString());
      expect(details).toMatchObject({ trouble: expect.stringContaining('403'), troubles: [trouble] });
    });

    expect(await readerOf(() => world.client, INGEST_ID)()).toMatchObject({
      kind: 'known',
      ingest: { status: 'running', stage: 'troubled', troubles: [trouble], attempt: 1 },
    });

    edge.behind = wikimedia.streamUrl;
    await untilHolds(async () => {
      const { stage, events, troubles } = await progress();
      expect(stage).toBe('streaming');
      expect(events).toBeGreaterThan(0);
      expect(troubles).toBeUndefined();
    });
    const { searchAttributes } = await handle().describe();
    expect(searchAttributes['WikigaugeStage']).toEqual(['streaming']);
    await handle().signal('stop');
    await handle().result();
    await edge.close();
  });

  test('runs only once under its fixed id', async () => {
    expect(await startIngest(world.client, INGEST_ID, {})).toBe('started');
    expect(await startIngest(world.client, INGEST_ID, {})).toBe('running');
    const { taskQueue } = await handle().describe();
    expect(taskQueue).toBe(TASK_QUEUE);
  });
});

interface Progress {
  readonly stage: string;
  readonly troubles?: readonly unknown[];
  readonly events: number;
  readonly waitingFor: string;
}
