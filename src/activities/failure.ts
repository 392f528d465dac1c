/** The one place where a PipelineError becomes a Temporal failure; policies name its `type`, never its message. */
import { ApplicationFailure } from '@temporalio/common';
import { PipelineError } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import { RetryLater } from '../source/source-failure.ts';

/**
 * Failures that repeating cannot mend. All others are repeated, also those that an operator has to mend (refused
 * keys, a missing bucket): the Web UI shows them at the pending activity, and it goes on by itself afterwards.
 */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'bronze_expired',
  'cursor_refused',
  'dump_missing',
  'dump_unreadable',
  'invalid_input',
  'no_days',
  'object_missing',
  'object_unreadable',
  'source_refused',
]);

/** The failure's type as the Web UI shows it: `source_refused` becomes `SourceRefused`. */
function failureType(code: ErrorCode): string {
  return code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A failure that says what happened and what to do; errors of other kinds go through as they are. */
export function toFailure(error: unknown, options: { isFinal?: boolean } = {}): unknown {
  if (!(error instanceof PipelineError)) return error;
  const { code, op, subject, hint, message } = error;
  return ApplicationFailure.create({
    message: hint === '' || message.includes(hint) ? message : `${message}. ${hint}`,
    type: failureType(code),
    nonRetryable: options.isFinal ?? FINAL.has(code),
    details: [{ op, subject }],
    cause: error,
    // What the other side asked for, instead of the policy's own pause.
    ...(error instanceof RetryLater && error.afterMs > 0 && { nextRetryDelay: error.afterMs }),
  });
}
