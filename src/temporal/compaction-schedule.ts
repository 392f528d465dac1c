/** The Schedule that compacts finished days of gold. A worker creates it if gold has a dataset of days, else removes it. */
import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { COMPACT_DAYS_ID, TASK_QUEUE } from '../contracts/temporal/names.ts';
import type { compactDays } from '../workflows/index.ts';

/** A corrected hour reaches its day within this time. */
const EVERY = '10 minutes';

/** Creates the Schedule if it is missing; never overwrites an operator's changes. */
export async function scheduleCompaction(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: COMPACT_DAYS_ID,
      spec: { intervals: [{ every: EVERY }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'compactDays' satisfies (typeof compactDays)['name'],
        taskQueue: TASK_QUEUE,
        workflowId: COMPACT_DAYS_ID,
        staticSummary: 'Finished days of gold as one object each',
      },
      // Runs missed while no server was up are not repeated: the next run does their work.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: EVERY },
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
