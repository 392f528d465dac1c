/** Why a connection to the stream failed, told apart by whether asking again can help. */
import { PipelineError } from '../core/pipeline-error.ts';
import { HOUR_MS } from '../core/time.ts';

/** A refusal for now; `afterMs` is what the server asked for. */
export class RetryLater extends PipelineError {
  readonly afterMs: number;
  constructor(message: string, subject: string, afterMs: number) {
    super(message, { code: 'source_unreachable', op: 'connect', subject, retryable: true });
    this.afterMs = afterMs;
  }
}

const ADVICE: Readonly<Record<number, string>> = {
  400: 'Check EVENTSTREAMS_URL and the `since` of the workflow’s input.',
  401: 'Check EVENTSTREAMS_URL.',
  403: 'Set USER_AGENT to a name with a contact, such as: my-wikigauge/1.0 (https://example.org; me@example.org)',
  404: 'Check EVENTSTREAMS_URL: it has no such stream or topic.',
};

/** What an answer other than 200 means: a request that is wrong, or a server that wants us later. */
export async function refusal(url: string, response: Response): Promise<PipelineError> {
  const { status, statusText } = response;
  const body = (await beginningOf(response)).replaceAll(/\s+/g, ' ').slice(0, 200);
  const message = `${url} answered ${status} ${statusText}${body === '' ? '' : `: ${body}`}`;
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    const hint = ADVICE[status] ?? 'Check EVENTSTREAMS_URL.';
    return new PipelineError(`${message}. ${hint}`, {
      code: 'source_refused',
      op: 'connect',
      subject: url,
      retryable: false,
      hint,
    });
  }
  return new RetryLater(message, url, retryAfterMs(response.headers.get('retry-after')));
}

/** The first characters of an answer, which may have no end. */
async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > 1_000) break;
    }
  } catch {
    // What came before it broke has to do.
  }
  return text;
}

/** `Retry-After` in seconds or as a date, an hour at most; 0 when absent or senseless. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), HOUR_MS) : 0;
}

/** The stream cannot be read now; later it may. */
export function unreachable(url: string, why: string, cause?: unknown): PipelineError {
  return new PipelineError(`${url}: ${why}`, {
    code: 'source_unreachable',
    op: 'read',
    subject: url,
    retryable: true,
    cause,
  });
}
