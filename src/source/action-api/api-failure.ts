/** ① Errors of the Action API. They come with status 200; only their code says whether to retry. */
import { shownUrl } from '../../core/shown-url.ts';
import type { Json } from '../../core/json.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { RetryLater, refused, retryAfterMs } from '../source-failure.ts';

/** Limits are per minute, so an earlier retry would be refused too. */
export const RATE_LIMIT_MS = 60_000;
/** Recommended by API:Maxlag. */
const LAG_MS = 5_000;
const MAX_CHARS = 200;

/**
 * The failure for an error `{code, info}`. `RetryLater` for lag, rate limits, read-only wikis and faults inside
 * MediaWiki, with the pause of `Retry-After`; `cursor_refused` for a `continue` that the API no longer accepts; anything
 * else (`permissiondenied`, `badvalue` …) is `source_refused` with the API's own text.
 * @see https://www.mediawiki.org/wiki/API:Errors_and_warnings
 */
export function apiFailure(url: string, { code, info }: Json, response: Response): PipelineError {
  const message = `${shownUrl(url)} answered with error ${textOf(code, 'without a code')}: ${textOf(info, 'no text')}`;
  const later = (otherwiseMs: number): RetryLater =>
    new RetryLater(message, url, retryAfterMs(response, otherwiseMs));
  switch (code) {
    case 'maxlag':
      return later(LAG_MS);
    case 'ratelimited':
      return later(RATE_LIMIT_MS);
    case 'readonly':
      return later(0);
    case 'badcontinue':
      return new PipelineError(message, {
        code: 'cursor_refused',
        op: 'continue',
        subject: shownUrl(url),
        retryable: false,
      });
    default:
      return textOf(code, '').startsWith('internal_api_error_') ? later(0) : refused(message, url);
  }
}

/** A line of its text at most. */
function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value.slice(0, MAX_CHARS) : otherwise;
}
