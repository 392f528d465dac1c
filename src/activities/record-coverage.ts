/** Records in bronze and gold what a backfill has filled. */
import { Context } from '@temporalio/activity';
import type { RecordCoverageInput } from '../contracts/temporal/gold.ts';
import { recordCoverage as record } from '../gold/record-coverage.ts';
import type { CoverageDeps } from '../gold/record-coverage.ts';
import { toFailure } from './failure.ts';

export async function recordCoverage({ covered }: RecordCoverageInput, deps: CoverageDeps): Promise<void> {
  const { cancellationSignal: signal } = Context.current();
  try {
    await record(covered, deps, signal);
  } catch (error) {
    // After a cancellation, the store's last error only says why the work was still waiting.
    throw signal.aborted ? signal.reason : toFailure(error);
  }
}
