/**
 * The one error class of the pipeline. `code` says what happened, `retryable` whether trying again can help, and
 * `hint` what the operator can do. Only `activities/failure.ts` turns it into a Temporal failure.
 *
 * This folder, contracts, has what processes agree on: serialised types with their validators (workflow inputs and
 * messages, log records), S3 keys and workflow ids, errors, and shared limits. It is pure.
 */
import type { ErrorCode } from './error-codes.ts';

export type { ErrorCode } from './error-codes.ts';

export interface PipelineErrorFields {
  readonly code: ErrorCode;
  /** What was being done, e.g. `put part`. */
  readonly op: string;
  /** The key, URL or host that it was done to. */
  readonly subject: string;
  readonly retryable: boolean;
  /** What the operator can do; empty when nothing. */
  readonly hint?: string;
  readonly cause?: unknown;
}

export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: ErrorCode;
  readonly op: string;
  readonly subject: string;
  readonly retryable: boolean;
  readonly hint: string;

  constructor(message: string, fields: PipelineErrorFields) {
    super(message, { cause: fields.cause });
    this.code = fields.code;
    this.op = fields.op;
    this.subject = fields.subject;
    this.retryable = fields.retryable;
    this.hint = fields.hint ?? '';
  }
}

/** The hint of an error, or nothing when its message says the same already. */
export function unsaidHint({ message, hint }: PipelineError): string {
  return message.includes(hint) ? '' : hint;
}

/** What happened and what to do, as one text. */
function messageWithHint(error: PipelineError): string {
  const hint = unsaidHint(error);
  return hint === '' ? error.message : `${error.message}. ${hint}`;
}

/** The same in about `maxChars`. If it is longer, the end of what happened is left out: what to do is worth more. */
export function briefMessage(error: PipelineError, maxChars: number): string {
  const text = messageWithHint(error);
  if (text.length <= maxChars) return text;
  const hint = error.hint.slice(0, maxChars / 2);
  const what = error.message.replace(error.hint, '').slice(0, maxChars - hint.length);
  return `${what}… ${hint}`.trimEnd();
}

/** The message of anything thrown, with those of its causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Connecting to a host name with several addresses fails with an AggregateError whose own message is empty.
  if (error.message === '' && error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  const cause = error.cause instanceof Error ? messageOf(error.cause) : '';
  return cause !== '' && !error.message.includes(cause) ? `${error.message}: ${cause}` : error.message;
}
