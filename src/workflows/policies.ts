/**
 * How activities are called: one group a failure policy. Activities have queues of their own beside the workflows'
 * queue, so that a long stream and many short parts do not take each other's slots.
 */
import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { BackfillSource } from '../core/backfill.ts';
import { backfillQueue, ingestQueue, transformQueue } from '../contracts/temporal/names.ts';

/**
 * The stream: runs for hours, beats every second. No limit on attempts: a pause or a deployment counts as one. When
 * it is cancelled we wait for its last flush.
 */
export function streaming(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: ingestQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '30 days',
    heartbeatTimeout: '10 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  });
}

/** Parts: seconds each, idempotent, repeated until the store is back. */
export function applying(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: transformQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '15 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}

/** Whole hours and ranges of bronze: a minute each, told by heartbeats how far they are, repeated until the store is back. */
export function rebuilding(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: transformQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: '15 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}

/**
 * One request, window or file of a source outside, on a queue whose rate is limited for all workers together. A window
 * that fails for a quarter of an hour is put aside, so that it does not hold up the others.
 */
export function backfilling(source: BackfillSource): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: backfillQueue(workflowInfo().taskQueue, source),
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: '10 seconds',
    retry: {
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '1 minute',
      maximumAttempts: 20,
    },
    // Behind what ingest needs, where the server heeds it.
    priority: { priorityKey: 4 },
  });
}

/** The plan of a backfill: a few requests to the sources; repeated until they answer. */
export function planning(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: backfillQueue(workflowInfo().taskQueue, 'api'),
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '15 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}
