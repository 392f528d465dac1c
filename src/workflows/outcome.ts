/**
 * How a run ended, where operators look for it: in the stage and at the end of the current details. Temporal itself
 * only colours the run; what it was doing when it was canceled, or why it failed, would be missing.
 */
import {
  CancellationScope,
  ContinueAsNew,
  isCancellation,
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { STAGE } from '../contracts/temporal/search-attributes.ts';
import { reasonOf } from './failures.ts';

/** Runs with older histories did not set the stage when they ended. Remove it when none of them has to be replayed. */
const SHOW_OUTCOME = 'show-outcome';

/** Whether an error is the cancellation of this run, and not that of one of its children. */
export function isRunCanceled(error: unknown): boolean {
  return CancellationScope.current().consideredCancelled && isCancellation(error);
}

/** What a run tells of itself when it ends early; the body of the workflow sets it as soon as there is something. */
export interface Ending {
  /** What was done, as Markdown. It says nothing of waits or estimates, because nothing follows. */
  summary: () => string;
}

/** Runs the body of a workflow. @throws what the body throws */
export async function withOutcome<T>(body: (ending: Ending) => Promise<T>): Promise<T> {
  const ending: Ending = { summary: () => '' };
  try {
    return await body(ending);
  } catch (error) {
    if (!(error instanceof ContinueAsNew)) showEnd(ending.summary(), error);
    throw error;
  }
}

function showEnd(summary: string, error: unknown): void {
  const stage = isRunCanceled(error) ? 'canceled' : 'failed';
  const isShown = workflowInfo().typedSearchAttributes.get(STAGE) === stage;
  if (!isShown && patched(SHOW_OUTCOME)) upsertSearchAttributes([{ key: STAGE, value: stage }]);
  const why = stage === 'failed' ? `: ${reasonOf(error)}` : '';
  setCurrentDetails([summary, `**${stage}**${why}`].filter(text => text !== '').join('\n\n'));
}
