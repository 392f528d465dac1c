import type { Client } from '@temporalio/client';
import { expect } from 'vitest';
import { untilHolds } from './until.ts';

/** Runs a Schedule now, as it would by itself; resolves with the result of the run. */
export async function triggered(client: Client, scheduleId: string): Promise<unknown> {
  const schedule = client.schedule.getHandle(scheduleId);
  const before = (await schedule.describe()).info.recentActions.length;
  await schedule.trigger();
  const runs = await untilHolds(async () => {
    const { recentActions } = (await schedule.describe()).info;
    expect(recentActions.length).toBeGreaterThan(before);
    return recentActions;
  });
  const started = runs.at(-1)?.action.workflow.workflowId ?? '';
  expect(started.startsWith(`${scheduleId}-`)).toBe(true);
  return client.workflow.getHandle(started).result();
}
