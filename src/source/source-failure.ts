/**
 * Everything that reads from Wikimedia: the stream, the Action API and the history dumps, each in a folder, and what
 * they share: links, reconnecting, and failures. Nothing here writes or knows where the data goes. This file has the
 * failures, distinguished by whether asking again can help. `source_refused` can be either: an edge in front of the
 * source can refuse a good request for a while, and lets it pass later. Failures end up in logs and in Temporal, so they
 * show URLs without what may be secret.
 */
import { STATUS_CODES } from 'node:http';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { shownUrl } from '../core/shown-url.ts';
import { HOUR_MS } from '../core/time.ts';

/** The server wants us to come back later; `afterMs` is how much later, 0 if it did not say. */
export class RetryLater extends PipelineError {
  readonly afterMs: number;
  constructor(message: string, url: string, afterMs: number) {
    super(message, { code: 'source_unreachable', op: 'connect', subject: shownUrl(url), retryable: true });
    this.afterMs = afterMs;
  }
}

/** Per source: what an operator can do about a refusal. */
export interface Advice {
  readonly byStatus: Readonly<Record<number, string>>;
  readonly otherwise: string;
  /** Refusals that asking again cannot fix. All others are asked again, with long pauses. */
  readonly final: readonly number[];
  /** Pause after a 429 without `Retry-After`, ms. */
  readonly rateLimitMs: number;
}

/** Of a request that asks one thing at a time: the server says that this thing is wrong or does not exist. */
export const WRONG_REQUEST: readonly number[] = [400, 404, 405, 410, 414];

/**
 * The failure for an answer other than 200: the server refuses the request, or wants us to retry later. It has nothing of
 * the answer but its status: failures are kept in Temporal, and what a server answers may be meant for nobody there.
 */
export async function refusal(url: string, response: Response, advice: Advice): Promise<PipelineError> {
  const { status } = response;
  // May fail, for the same reasons as the answer.
  await response.body?.cancel().catch(() => undefined);
  const message = `${shownUrl(url)} answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    const hint = advice.byStatus[status] ?? advice.otherwise;
    return refused(`${message}. ${hint}`, url, hint, !advice.final.includes(status));
  }
  const pauseMs = status === 429 ? advice.rateLimitMs : 0;
  return new RetryLater(message, url, retryAfterMs(response, pauseMs));
}

/** The source does not accept the request. Unless `retryable`, asking again cannot help. */
export function refused(message: string, url: string, hint = '', retryable = false): PipelineError {
  return new PipelineError(message, {
    code: 'source_refused',
    op: 'connect',
    subject: shownUrl(url),
    retryable,
    hint,
  });
}

/** The content type of an answer, for messages: short, and only what such a name consists of. */
export function contentType({ headers }: Response): string {
  const type = headers.get('content-type') ?? '';
  return /^[\w.+/-]{1,100}/.exec(type)?.[0] ?? 'no content type';
}

/** `Retry-After`, given in seconds or as a date, at most an hour; `otherwiseMs` when it is absent or invalid. */
export function retryAfterMs({ headers }: Response, otherwiseMs: number): number {
  const header = headers.get('retry-after');
  if (header === null) return otherwiseMs;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), HOUR_MS) : otherwiseMs;
}

/** The source cannot be read now; trying again later may help. */
export function unreachable(url: string, why: string, cause?: unknown): PipelineError {
  return new PipelineError(`${shownUrl(url)}: ${why}`, {
    code: 'source_unreachable',
    op: 'read',
    subject: shownUrl(url),
    retryable: true,
    cause,
  });
}

/** Whatever `fetch` or a body threw: a failure of ours as it is, anything else as a source that cannot be read now. */
export function asSourceFailure(url: string, error: unknown): PipelineError {
  return error instanceof PipelineError ? error : unreachable(url, messageOf(error), error);
}
