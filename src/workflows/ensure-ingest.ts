/**
 * Starts ingest again if its last run failed; never after a cancel, a termination or a completion, which somebody wanted.
 * Started by the Schedule of the same id. Its result says what the failure was, so that a restart does not hide it.
 */
import { setCurrentDetails } from '@temporalio/workflow';
import type { EnsuredIngest } from '../contracts/temporal/ensure-ingest.ts';
import { readInput } from '../contracts/temporal/input.ts';
import { ensuring } from './policies.ts';

export async function ensureIngest(raw?: unknown): Promise<EnsuredIngest> {
  readInput('ensureIngest', raw, {}, {});
  const ensured = await ensuring().ensureIngest();
  setCurrentDetails(sentenceOf(ensured));
  return ensured;
}

function sentenceOf({ outcome, status, failure, why }: EnsuredIngest): string {
  if (outcome === 'restarted') return `ingest had failed and was started again: ${failure}`;
  return failure === undefined
    ? `the last run of ingest is ${status}: nothing to do`
    : `ingest has failed and is left as it is (${why}): ${failure}`;
}
