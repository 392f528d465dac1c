/** The only place that turns a PipelineError into a Temporal failure. Policies match its `type`, never its message. */
import { ApplicationFailure } from '@temporalio/common';
import { PipelineError, briefMessage } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import { RetryLater } from '../source/source-failure.ts';

/**
 * Failures that a retry cannot fix. All others are retried, including those an operator has to fix (refused keys, a
 * missing bucket): the Web UI shows them at the pending activity, and work resumes once they are fixed. A
 * refusal that may pass is retried too.
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

/**
 * Of a failure that will be retried, Temporal keeps 4 kB: a larger one reads "Failure exceeds size limit.". So it has no
 * causes, whose messages are in its own anyway.
 */
const MESSAGE_CHARS = 1_200;
const STACK_LINES = 6;

/** After a refusal that may pass: a server that blocks a client must not be asked again and again. */
const REFUSED_MS = 30_000;

/** The failure's type in the Web UI: `source_refused` becomes `SourceRefused`. */
function failureType(code: ErrorCode): string {
  return code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A small failure that says what happened and what to do; errors of other kinds are returned unchanged. */
export function toFailure(error: unknown, options: { isFinal?: boolean } = {}): unknown {
  if (!(error instanceof PipelineError)) return error;
  const { code, op, subject } = error;
  const nextRetryDelay = delayOf(error);
  const failure = ApplicationFailure.create({
    message: briefMessage(error, MESSAGE_CHARS),
    type: failureType(code),
    nonRetryable: options.isFinal ?? (FINAL.has(code) && !mayPass(error)),
    details: [{ op, subject }],
    // The pause that the source asked for replaces the one of the retry policy.
    ...(nextRetryDelay > 0 && { nextRetryDelay }),
  });
  failure.stack = callersIn(error);
  return failure;
}

/** Where the error was made. */
function callersIn({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter(line => line.trimStart().startsWith('at '))
    .slice(0, STACK_LINES)
    .join('\n');
}

/** Whether a source refused us in a way that may pass, as an edge does. */
function mayPass({ code, retryable }: PipelineError): boolean {
  return code === 'source_refused' && retryable;
}

/** 0 leaves the pause to the retry policy. */
function delayOf(error: PipelineError): number {
  if (mayPass(error)) return REFUSED_MS;
  return error instanceof RetryLater ? error.afterMs : 0;
}
