/** Starts ingest again if its last run failed. How is up to the caller, which has a client. */
import { Context } from '@temporalio/activity';
import type { EnsuredIngest } from '../contracts/temporal/ensure-ingest.ts';
import { runEngine } from './run-engine.ts';

export interface EnsureDeps {
  readonly restartFailedIngest: () => Promise<EnsuredIngest>;
}

export function ensureIngest({ restartFailedIngest }: EnsureDeps): Promise<EnsuredIngest> {
  const { log } = Context.current();
  return runEngine(async () => {
    const ensured = await restartFailedIngest();
    const { outcome, failure, why } = ensured;
    // A run that fails again and again must not look like one that runs.
    if (outcome === 'restarted') log.warn(`ingest had failed and was started again: ${failure}`);
    else if (failure !== undefined) log.warn(`ingest has failed and is left as it is (${why}): ${failure}`);
    return ensured;
  });
}
