/**
 * The one error class of the pipeline. `code` says what happened, `retryable` whether trying again can help,
 * `hint` what the operator can do. Only `activities/failure.ts` turns it into a Temporal failure.
 */
export type ErrorCode =
  | 'bad_configuration'
  | 'bronze_expired'
  | 'bucket_unavailable'
  | 'conditional_write_unsupported'
  | 'cursor_refused'
  | 'dump_missing'
  | 'dump_unreadable'
  | 'fenced'
  | 'invalid_input'
  | 'lifecycle_unsupported'
  | 'log_shortened'
  | 'no_days'
  | 'object_changed'
  | 'object_exists'
  | 'object_missing'
  | 'object_unreadable'
  | 'postgres_unavailable'
  | 'source_refused'
  | 'source_unreachable'
  | 'storage_denied'
  | 'storage_unavailable'
  | 'temporal_unavailable';

export interface PipelineErrorFields {
  readonly code: ErrorCode;
  /** What was being done, e.g. `put part`. */
  readonly op: string;
  /** What it was done to: a key, a URL, a host. */
  readonly subject: string;
  readonly retryable: boolean;
  /** What to change; empty when there is nothing to change. */
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

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An AggregateError (a refused connection to a name with several addresses) has its text in its parts.
  if (error.message === '' && error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  const cause = error.cause instanceof Error ? messageOf(error.cause) : '';
  return cause !== '' && !error.message.includes(cause) ? `${error.message}: ${cause}` : error.message;
}
