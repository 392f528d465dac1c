/** A worker is ready while it gets work. */
import { describe, expect, test } from 'vitest';
import { pollingProblem } from '../../src/temporal/readiness.ts';
import type { AnsweringClient, PollingWorker } from '../../src/temporal/readiness.ts';

function worker(taskQueue: string, state: string, poller = 'POLLING'): PollingWorker {
  const status = { workflowPollerState: poller, activityPollerState: 'SHUTDOWN' };
  const fake = { options: { taskQueue }, getState: () => state, getStatus: () => status };
  return fake as unknown as PollingWorker;
}

function client(failure?: Error): AnsweringClient {
  const getSystemInfo = () => (failure === undefined ? Promise.resolve({}) : Promise.reject(failure));
  const withDeadline = (_: unknown, call: () => Promise<unknown>) => call();
  return { workflowService: { getSystemInfo }, withDeadline } as unknown as AnsweringClient;
}

describe('pollingProblem', () => {
  test('has none while every queue is polled and Temporal answers', async () => {
    expect(await pollingProblem([worker('a', 'RUNNING')], client())).toBeUndefined();
  });

  test('names the queues that are not polled', async () => {
    const workers = [
      worker('a', 'RUNNING'),
      worker('b', 'STOPPING'),
      worker('c', 'RUNNING', 'FAILED'),
      worker('d', 'INITIALIZED'),
    ];
    expect(await pollingProblem(workers, client())).toBe('not polling b, c, d');
  });

  test('says that Temporal does not answer', async () => {
    const gone = client(new Error('4 DEADLINE_EXCEEDED'));
    expect(await pollingProblem([worker('a', 'RUNNING')], gone)).toBe(
      'Temporal does not answer: 4 DEADLINE_EXCEEDED',
    );
  });
});
