/** What is read of ingest when Temporal, its workers or its runs are away. Real runs: test/workflows/ingest.int. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { ApplicationFailure, RetryState, TerminatedFailure, WorkflowNotFoundError } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { pipelineReader, readerOf } from '../../src/temporal/pipeline-reader.ts';
import type { PipelineClient } from '../../src/temporal/pipeline-reader.ts';

const ID = 'ingest-recentchange';

interface Answers {
  describe?: () => Promise<unknown>;
  query?: () => Promise<unknown>;
  result?: () => Promise<unknown>;
  /** Descriptions of other runs, by id. */
  others?: Readonly<Record<string, () => Promise<unknown>>>;
  /** Ids of running backfills. */
  list?: () => AsyncIterable<{ workflowId: string }>;
}

async function* listOf(...ids: readonly string[]): AsyncGenerator<{ workflowId: string }> {
  for (const workflowId of ids) yield { workflowId };
}

function clientOf({
  describe = never,
  query = never,
  result = never,
  others = {},
  list = () => listOf(),
}: Answers): PipelineClient {
  const handle = { describe, query, result };
  const client = {
    options: { namespace: 'default' },
    withDeadline: (_: number, question: () => Promise<unknown>) => question(),
    workflow: {
      getHandle: (id: string) =>
        id.startsWith('backfill-') || id === ID ? handle : { describe: others[id] ?? never },
      list,
    },
  };
  return client as unknown as PipelineClient;
}

const never = (): Promise<never> => new Promise(() => undefined);

function description(
  status: string,
  pendingActivities: object[] = [],
  stage = 'streaming',
): () => Promise<unknown> {
  return async () => ({
    status: { name: status },
    runId: 'run',
    raw: { pendingActivities },
    searchAttributes: { WikigaugeStage: [stage] },
  });
}

test('says that Temporal does not answer, and since when, within seconds', async () => {
  const read = readerOf(() => clientOf({}), ID);
  const first = await read();
  expect(first).toMatchObject({ kind: 'away', what: expect.stringContaining('no answer within 2 s') });
  await expect.poll(read, { timeout: 20_000 }).not.toBe(first);
  expect(await read()).toMatchObject({ sinceMs: first.kind === 'away' ? first.sinceMs : 0 });
});

test('says so too for a server that takes connections and is silent', async () => {
  const silent = createServer(() => undefined);
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const read = pipelineReader({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` }, ID);
  expect(await read()).toMatchObject({
    kind: 'away',
    what: expect.stringContaining('Temporal does not answer'),
  });
  silent.close();
});

test('knows that ingest was never started', async () => {
  const describe = async (): Promise<never> => {
    throw new WorkflowNotFoundError('no such run', ID, undefined);
  };
  expect(await readerOf(() => clientOf({ describe }), ID)()).toEqual({
    kind: 'never_started',
    namespace: 'default',
    backfills: [],
  });
});

test('lists running backfills with what their workers answer, and at most ten', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `backfill-${n}`);
  const progress = { state: 'planning', waitingFor: 'the plan' };
  const query = async (): Promise<object> => progress;
  const answering = clientOf({ describe: description('RUNNING'), query, list: () => listOf(...ids) });
  const { backfills = [] } = (await readerOf(() => answering, ID)()) as { backfills?: readonly object[] };
  expect(backfills).toHaveLength(10);
  expect(backfills[0]).toEqual({ workflowId: 'backfill-0', progress });
});

test('lists running backfills when no worker answers, and knows of ingest when they cannot be listed', async () => {
  const query = async (): Promise<never> => {
    throw new Error('no poller');
  };
  const silent = clientOf({ describe: description('RUNNING'), query, list: () => listOf('backfill-1') });
  expect(await readerOf(() => silent, ID)()).toMatchObject({
    kind: 'known',
    backfills: [{ workflowId: 'backfill-1', progress: undefined }],
  });
  const list = (): never => {
    throw new Error('no visibility');
  };
  const reading = await readerOf(() => clientOf({ describe: description('RUNNING'), query, list }), ID)();
  expect(reading).toMatchObject({ kind: 'known' });
  expect(reading).not.toHaveProperty('backfills');
});

test('shows what Temporal knows when no worker answers', async () => {
  const read = readerOf(() => clientOf({ describe: description('RUNNING') }), ID);
  expect(await read()).toMatchObject({
    kind: 'known',
    ingest: { status: 'running', stage: 'streaming', progress: undefined, troubles: [] },
  });
});

test.each([
  ['has reported since it began', { seconds: 30 }, undefined],
  ['has not reported yet', { seconds: 10 }, 'answered 403'],
])('a failure of the attempt before is over once the next one %s', async (_, lastHeartbeatTime, failure) => {
  const pending = {
    activityType: { name: 'streamParts' },
    attempt: 2,
    lastFailure: { message: 'answered 403' },
    lastStartedTime: { seconds: 20 },
    lastHeartbeatTime,
  };
  const read = readerOf(() => clientOf({ describe: description('RUNNING', [pending]) }), ID);
  const { ingest } = (await read()) as { ingest?: { failure?: string } };
  expect(ingest?.failure).toBe(failure);
});

test('takes troubles from the heartbeat, which is newer than the answer of the run', async () => {
  const trouble = {
    kind: 'storage',
    what: 'S3 is away',
    since: '2026-11-20T10:00:00.000Z',
    tries: 3,
    nextTry: '2026-11-20T10:00:10.000Z',
  };
  const heartbeat = {
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(JSON.stringify({ acknowledged: 3, troubles: [trouble, 'not one'] })),
  };
  const pending = {
    activityType: { name: 'streamParts' },
    heartbeatDetails: { payloads: [heartbeat] },
    attempt: 2,
    lastFailure: { message: 'its worker died' },
  };
  const query = async (): Promise<object> => ({ stage: 'streaming', troubles: [] });
  const read = readerOf(() => clientOf({ describe: description('RUNNING', [pending]), query }), ID);
  expect(await read()).toMatchObject({
    ingest: { stage: 'troubled', troubles: [trouble], attempt: 2, failure: 'its worker died' },
  });
});

test('says which open hours cannot be added to gold, and why', async () => {
  const failed = (attempt: number, message: string): object => ({ attempt, lastFailure: { message } });
  const others = {
    'transform-2026-11-20T10': description('RUNNING', [
      failed(2, 'Postgres is frozen'),
      failed(5, 'Postgres is away'),
      { attempt: 1 },
    ]),
    'transform-2026-11-20T09': description('RUNNING', [{ attempt: 1 }]),
  };
  const openHours = ['2026-11-20T08', '2026-11-20T09', '2026-11-20T10'];
  const query = async (): Promise<object> => ({ stage: 'streaming', openHours });
  const read = readerOf(() => clientOf({ describe: description('RUNNING'), query, others }), ID);
  expect(await read()).toMatchObject({
    ingest: {
      failingHours: [{ hour: '2026-11-20T10', parts: 2, attempt: 5, failure: 'Postgres is away' }],
    },
  });
});

test('says why a run failed', async () => {
  const cause = ApplicationFailure.nonRetryable('record 7 cannot be read', 'ObjectUnreadable');
  const result = async (): Promise<never> => {
    throw new WorkflowFailedError('Workflow execution failed', cause, RetryState.NON_RETRYABLE_FAILURE);
  };
  const read = readerOf(() => clientOf({ describe: description('FAILED'), result }), ID);
  expect(await read()).toMatchObject({
    ingest: { status: 'failed', failure: 'record 7 cannot be read', troubles: [] },
  });
});

test.each(['TERMINATED', 'TIMED_OUT'])(
  'a run that has %s is not shown as streaming, but why it ended',
  async status => {
    const result = async (): Promise<never> => {
      throw new WorkflowFailedError(
        'ended',
        new TerminatedFailure('by an operator'),
        RetryState.NON_RETRYABLE_FAILURE,
      );
    };
    // A worker still answers for a run that has ended.
    const query = async (): Promise<object> => ({ stage: 'streaming', waitingFor: 'the next flush' });
    const read = readerOf(() => clientOf({ describe: description(status), query, result }), ID);
    expect(await read()).toMatchObject({
      ingest: { status: status.toLowerCase(), stage: undefined, failure: 'by an operator' },
    });
  },
);

test('a run that ended says how, although its answer is that of before', async () => {
  const query = async (): Promise<object> => ({ stage: 'streaming', waitingFor: 'the next flush' });
  const read = readerOf(() => clientOf({ describe: description('CANCELLED', [], 'canceled'), query }), ID);
  expect(await read()).toMatchObject({ ingest: { status: 'cancelled', stage: 'canceled' } });
});

test('many questions at once are one', async () => {
  let asked = 0;
  const describe = async (): Promise<unknown> => {
    asked += 1;
    return description('RUNNING')();
  };
  const read = readerOf(() => clientOf({ describe, query: async () => ({}) }), ID);
  await Promise.all([read(), read(), read()]);
  await read();
  expect(asked).toBe(1);
});
