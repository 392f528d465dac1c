/**
 * How activities are called: one group per failure policy. Activities have task queues of their own, so that a long
 * stream and many short parts do not take each other's slots.
 */
import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { BackfillSource } from '../core/backfill.ts';
import { HEARTBEAT_TIMEOUT_MS } from '../contracts/temporal/heartbeat.ts';
import { backfillQueue, ingestQueue, transformQueue } from '../contracts/temporal/names.ts';

/** Attempts have no limit: whatever is down, work resumes when it is back. */
const UNTIL_IT_WORKS = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
} as const;

/** An activity that sends no heartbeat for this long is given to another worker. */
const HEARTBEAT_TIMEOUT = '15 seconds';

/**
 * The stream: runs for hours and sends a heartbeat every few seconds. Attempts have no limit, because a pause and a
 * deployment cost one each. A cancelled activity is awaited, because it still flushes.
 */
export function streaming(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: ingestQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '30 days',
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { ...UNTIL_IT_WORKS, maximumInterval: '30 seconds' },
  });
}

/** Parts: seconds each, and idempotent per key. */
export function applying(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: transformQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: UNTIL_IT_WORKS,
  });
}

/** Whole hours and ranges of bronze: about a minute each, with progress in their heartbeats. */
export function rebuilding(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: transformQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: UNTIL_IT_WORKS,
  });
}

/**
 * One request, window or file of an outside source, on a task queue whose rate is limited for all workers together. A
 * window that has failed for a quarter of an hour is put aside, so that it does not hold up the others.
 */
export function backfilling(source: BackfillSource): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: backfillQueue(workflowInfo().taskQueue, source),
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    // A cancelled window returns what it has stored.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { ...UNTIL_IT_WORKS, maximumAttempts: 20 },
    // Yields to ingest, on servers that support priorities.
    priority: { priorityKey: 4 },
  });
}

/** The plan of a backfill: a few requests to the sources. */
export function planning(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: backfillQueue(workflowInfo().taskQueue, 'api'),
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: UNTIL_IT_WORKS,
  });
}

/** A few requests to Temporal. The next run of the Schedule repeats what failed. */
export function ensuring(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: transformQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { ...UNTIL_IT_WORKS, maximumAttempts: 5 },
  });
}

/** A few questions to gold; a part or two of bronze for what was found. The next run of the Schedule repeats what failed. */
export function detecting(): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: transformQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { ...UNTIL_IT_WORKS, maximumAttempts: 3 },
    // Parts come first, on servers that support priorities.
    priority: { priorityKey: 4 },
  });
}
