/** The Schedules that a worker creates when it starts. Those that exist are left alone: an operator may have changed them. */
import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import {
  COMPACT_DAYS_ID,
  DETECT_ANOMALIES_ID,
  ENSURE_INGEST_ID,
  TASK_QUEUE,
} from '../contracts/temporal/names.ts';
import type { compactDays, detectAnomalies, ensureIngest } from '../workflows/index.ts';

const EVERY = '10 minutes';

/** Compacts finished days of gold: a corrected hour of the recent days reaches its day within `EVERY`. */
export function scheduleCompaction(client: Client): Promise<void> {
  const workflowType = 'compactDays' satisfies (typeof compactDays)['name'];
  return createSchedule(client, COMPACT_DAYS_ID, workflowType, 'Finished days of gold as one object each');
}

/** Starts ingest again after a failure. */
export function scheduleEnsureIngest(client: Client): Promise<void> {
  const workflowType = 'ensureIngest' satisfies (typeof ensureIngest)['name'];
  return createSchedule(client, ENSURE_INGEST_ID, workflowType, 'Starts ingest again if its last run failed');
}

/** Looks for wikis that have many more edits than usual. The windows that are looked at end every five minutes. */
export function scheduleDetection(client: Client): Promise<void> {
  const workflowType = 'detectAnomalies' satisfies (typeof detectAnomalies)['name'];
  const summary = 'Looks for wikis with many more edits than usual';
  return createSchedule(client, DETECT_ANOMALIES_ID, workflowType, summary, '5 minutes');
}

/** Its runs have the id of the Schedule, followed by the time. */
async function createSchedule(
  client: Client,
  id: string,
  workflowType: string,
  staticSummary: string,
  every: typeof EVERY | '5 minutes' = EVERY,
): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: { intervals: [{ every }] },
      action: { type: 'startWorkflow', workflowType, taskQueue: TASK_QUEUE, workflowId: id, staticSummary },
      // Runs missed while no server was up are not repeated: the next run does their work.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: every },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

/** Removes the Schedule if it exists: gold in a database has no days to compact. */
export async function removeCompaction(client: Client): Promise<void> {
  try {
    await client.schedule.getHandle(COMPACT_DAYS_ID).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
