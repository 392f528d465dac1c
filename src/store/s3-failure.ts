/** Failures of calls to S3: the meaning of their answer, as the one error class of the pipeline. */
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { wordsOf } from './s3-answer.ts';
import type { Meaning } from './s3-meaning.ts';
import { outcomeOf } from './s3-watch.ts';

/** The failure of a call whose answer is not one of those that its caller expects. */
export function failureOf(
  meaning: Meaning,
  what: string,
  fields: { readonly op: string; readonly subject: string; readonly cause: unknown },
): PipelineError {
  if (meaning.kind === 'person') {
    const { code, hint } = meaning;
    return new PipelineError(what, { ...fields, code, hint, retryable: false });
  }
  if (meaning.kind === 'not_s3')
    return new PipelineError(what, { ...fields, code: 'not_s3', hint: meaning.hint, retryable: false });
  const hint = meaning.kind === 'retry' ? meaning.hint : '';
  return new PipelineError(what, { ...fields, code: 'storage_unavailable', hint, retryable: true });
}

/** What a failed call was answered, in a few words. */
export function saidBy(error: unknown): string {
  if (isSilence(error)) return 'silent: no connection, or no further byte, for too long';
  const outcome = outcomeOf(error);
  return outcome.status === undefined ? messageOf(error) : `it answers ${wordsOf(outcome)}`;
}

export function isSilence(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
