/** The Schedule that has finished days of gold compacted: made at worker start where gold keeps days, else removed. */
import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { COMPACT_DAYS_ID, TASK_QUEUE } from '../contracts/temporal/names.ts';
import type { compactDays } from '../workflows/index.ts';

/** A late correction of an hour is in its day within this. */
const EVERY = '10 minutes';

/** Makes the Schedule; one that is there stays as it is, with what an operator has changed of it. */
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
      // What was missed while no server ran is done by the next run.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: EVERY },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

/** Removes the Schedule where there is one: gold in a database has no days to compact. */
export async function removeCompaction(client: Client): Promise<void> {
  try {
    await client.schedule.getHandle(COMPACT_DAYS_ID).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
