/** One answer of the dump server, pulled piece by piece and watched for silence. */
import { shownUrl } from '../../core/shown-url.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { Link } from '../link.ts';
import { fetchOnSite } from '../same-site.ts';
import { WRONG_REQUEST, asSourceFailure, refusal, unreachable } from '../source-failure.ts';
import type { Advice } from '../source-failure.ts';
import { sourceProblems } from '../known-problems.ts';

export interface ConnectionRequest {
  readonly url: string;
  /** Wikimedia refuses clients that name no contact. */
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** Without a byte for this long the connection is dead; 60 s when absent. */
  readonly stallMs?: number;
}

const STALL_MS = 60_000;
const ADVICE: Advice = {
  byStatus: { 403: sourceProblems.blocked.remedy },
  otherwise: sourceProblems.wrongDumps.remedy,
  final: WRONG_REQUEST,
  rateLimitMs: 60_000,
};

export class Connection {
  readonly response: Response;
  readonly #request: ConnectionRequest;
  readonly #link: Link;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  private constructor(request: ConnectionRequest, link: Link, response: Response) {
    this.#request = request;
    this.#link = link;
    this.response = response;
    this.#reader = response.body?.getReader();
  }

  /**
   * Sends the request and waits for status and headers.
   * @throws PipelineError `dump_missing` (404), `source_refused`, `source_unreachable` (later may work; `RetryLater`
   *   when the server said how much later); the signal's reason when it aborts.
   */
  static async open(
    request: ConnectionRequest,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Connection> {
    const { url, userAgent, signal } = request;
    signal.throwIfAborted();
    const link = new Link(signal);
    try {
      // A range counts the bytes of the file, which compression on the way would change.
      const sent = { 'User-Agent': userAgent, 'Accept-Encoding': 'identity', ...headers };
      const answer = fetchOnSite(url, { headers: sent, signal: link.signal });
      const response = await inTime(request, link, answer, 'no answer');
      if (!response.ok && response.status !== 416)
        throw await inTime(request, link, refusalOf(url, response), 'no answer');
      return new Connection(request, link, response);
    } catch (error) {
      link.end();
      throw failureOf(error, request);
    }
  }

  /**
   * The next bytes; undefined at the end.
   * @throws PipelineError `source_unreachable` when the connection breaks or is silent; the signal's reason when it
   *   aborts.
   */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#reader === undefined) return undefined;
    try {
      const { value } = await inTime(this.#request, this.#link, this.#reader.read(), 'silent');
      return value;
    } catch (error) {
      throw failureOf(error, this.#request);
    }
  }

  /** Cuts the connection unless it has ended. */
  close(): void {
    this.#link.end();
  }
}

async function inTime<T>(
  { url, stallMs = STALL_MS }: ConnectionRequest,
  link: Link,
  answer: Promise<T>,
  what: string,
): Promise<T> {
  return link.within(stallMs, answer, () => unreachable(url, `${what} for ${stallMs / 1000} s`));
}

/** What a status other than 2xx means. */
async function refusalOf(url: string, response: Response): Promise<PipelineError> {
  if (response.status === 404) {
    await response.body?.cancel();
    return new PipelineError(`${shownUrl(url)}: ${sourceProblems.noDump.shows}`, {
      code: 'dump_missing',
      op: 'open dump',
      subject: shownUrl(url),
      retryable: false,
      hint: sourceProblems.noDump.remedy,
    });
  }
  return refusal(url, response, ADVICE);
}

function failureOf(error: unknown, { url, signal }: ConnectionRequest): unknown {
  return signal.aborted ? signal.reason : asSourceFailure(url, error);
}
