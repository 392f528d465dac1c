/** Whether the workers of a process get work: they poll their queues, and Temporal answers. */
import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { messageOf } from '../contracts/errors.ts';

/** Shorter than common probe timeouts, so that the probe gets a response instead of timing out. */
const LIMIT_MS = 2_000;

/** What is used of them. */
export type PollingWorker = Pick<Worker, 'getState' | 'getStatus'> & {
  readonly options: Pick<Worker['options'], 'taskQueue'>;
};
export type AnsweringClient = Pick<Client, 'withDeadline'> & {
  readonly workflowService: Pick<Client['workflowService'], 'getSystemInfo'>;
};

/** Why they get no work, or undefined. */
export async function pollingProblem(
  workers: readonly PollingWorker[],
  client: AnsweringClient,
): Promise<string | undefined> {
  const idle = workers.filter(worker => !isPolling(worker)).map(({ options }) => options.taskQueue);
  if (idle.length > 0) return `not polling ${idle.join(', ')}`;
  try {
    await client.withDeadline(Date.now() + LIMIT_MS, () => client.workflowService.getSystemInfo({}));
    return undefined;
  } catch (error) {
    return `Temporal does not answer: ${messageOf(error)}`;
  }
}

function isPolling(worker: PollingWorker): boolean {
  if (worker.getState() !== 'RUNNING') return false;
  const { workflowPollerState, activityPollerState } = worker.getStatus();
  // A worker without activities has no poller for them, and one without workflows none for those.
  return workflowPollerState !== 'FAILED' && activityPollerState !== 'FAILED';
}
