/** Copies gaps and coverage from bronze to gold. */
import { Context } from '@temporalio/activity';
import { restoreGaps as restore } from '../gold/record-gaps.ts';
import type { RestoreDeps } from '../gold/record-gaps.ts';
import { toFailure } from './failure.ts';
import type { Note } from './heartbeat.ts';

/** Returns the number of gaps. */
export async function restoreGaps(deps: RestoreDeps, note: Note): Promise<number> {
  const { cancellationSignal: signal } = Context.current();
  try {
    return await restore(deps, { signal, note });
  } catch (error) {
    throw toFailure(error);
  }
}
