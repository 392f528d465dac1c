/** ⑥ Compacts every finished day that needs it, with one `compactDay` per day. Started by the Schedule of the same id. */
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { setCurrentDetails, startChild } from '@temporalio/workflow';
import type { CompactedDay } from '../activities/compact.ts';
import { compactDayId } from '../contracts/temporal/names.ts';
import { mapBounded } from '../core/map-bounded.ts';
import type { compactDay } from './compact-day.ts';
import { readInput } from '../contracts/temporal/input.ts';
import { isRunCanceled, withOutcome } from './outcome.ts';
import type { Ending } from './outcome.ts';
import { rebuilding } from './policies.ts';

const PARALLEL_DAYS = 2;
/** The next run of the Schedule takes the rest, because a history must not grow without bound. */
const DAYS_PER_RUN = 500;

export interface CompactedDays {
  readonly days: readonly CompactedDay[];
  readonly failed: readonly string[];
}

export async function compactDays(raw?: unknown): Promise<CompactedDays> {
  return withOutcome(ending => compactAll(raw, ending));
}

async function compactAll(raw: unknown, ending: Ending): Promise<CompactedDays> {
  readInput('compactDays', raw, {}, {});
  const { days } = await rebuilding().listStaleDays();
  const compacted: CompactedDay[] = [];
  const failed: string[] = [];
  ending.summary = () => `${compacted.length} of ${days.length} days written, ${failed.length} failed`;
  const describe = (): void => setCurrentDetails(ending.summary());
  describe();
  await mapBounded(days.slice(0, DAYS_PER_RUN), PARALLEL_DAYS, async day => {
    try {
      compacted.push(await compact(day));
    } catch (error) {
      if (isRunCanceled(error)) throw error;
      // Somebody is compacting this day by hand.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) failed.push(day);
    }
    describe();
  });
  if (failed.length === 0) return { days: compacted, failed };
  const message = `${failed.length} days could not be compacted; the first: ${failed[0]}, see workflow ${compactDayId(failed[0] ?? '')}`;
  throw ApplicationFailure.create({ message, type: 'DaysFailed', nonRetryable: true, details: [{ failed }] });
}

async function compact(day: string): Promise<CompactedDay> {
  const child = await startChild<typeof compactDay>('compactDay', {
    workflowId: compactDayId(day),
    args: [{ day }],
    staticSummary: `Edits of ${day} as one object`,
  });
  return child.result();
}
