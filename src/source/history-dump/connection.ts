/** One answer of the dump server, pulled piece by piece and watched for silence. */
import { PipelineError, messageOf } from '../../contracts/errors.ts';
import { USER_AGENT_ADVICE, refusal, unreachable } from '../source-failure.ts';
import type { Advice } from '../source-failure.ts';

export interface ConnectionRequest {
  readonly url: string;
  /** Wikimedia refuses clients that name no contact. */
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** Without a byte for this long the link is dead; 60 s when absent. */
  readonly stallMs?: number;
}

const STALL_MS = 60_000;
const ADVICE: Advice = {
  byStatus: { 403: USER_AGENT_ADVICE },
  otherwise: 'Check DUMPS_URL.',
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
   * Asks, and waits for the head of the answer.
   * @throws PipelineError `dump_missing` (404), `source_refused`, `source_unreachable` (later may work; `RetryLater`
   *   when the server said how much later); the signal's reason when it aborts.
   */
  static async open(
    request: ConnectionRequest,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Connection> {
    const { url, userAgent, signal } = request;
    signal.throwIfAborted();
    const link = new Link(request);
    try {
      // Compressed on the way, the bytes would not be those that a range counts.
      const sent = { 'User-Agent': userAgent, 'Accept-Encoding': 'identity', ...headers };
      const response = await link.watch(fetch(url, { headers: sent, signal: link.signal }), 'no answer');
      if (!response.ok && response.status !== 416)
        throw await link.watch(refusalOf(url, response), 'no answer');
      return new Connection(request, link, response);
    } catch (error) {
      link.end();
      throw failureOf(error, request);
    }
  }

  /**
   * The next bytes; undefined at the end.
   * @throws PipelineError `source_unreachable` when the link breaks or is silent; the signal's reason when it aborts.
   */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#reader === undefined) return undefined;
    try {
      const { value } = await this.#link.watch(this.#reader.read(), 'silent');
      return value;
    } catch (error) {
      throw failureOf(error, this.#request);
    }
  }

  /** Cuts the link, unless it has ended. */
  close(): void {
    this.#link.end();
  }
}

/** How a connection is cut: by the caller's signal, by silence, or at the end. */
class Link {
  readonly #abort = new AbortController();
  readonly #request: ConnectionRequest;
  readonly #stop = (): void => this.#abort.abort(this.#request.signal.reason);

  constructor(request: ConnectionRequest) {
    this.#request = request;
    request.signal.addEventListener('abort', this.#stop, { once: true });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Cuts the connection unless something comes in time. */
  async watch<T>(answer: Promise<T>, what: string): Promise<T> {
    const { url, stallMs = STALL_MS } = this.#request;
    const timer = setTimeout(
      () => this.#abort.abort(unreachable(url, `${what} for ${stallMs / 1000} s`)),
      stallMs,
    );
    return answer.finally(() => clearTimeout(timer));
  }

  end(): void {
    this.#request.signal.removeEventListener('abort', this.#stop);
    this.#abort.abort();
  }
}

/** What a status other than 2xx means. */
async function refusalOf(url: string, response: Response): Promise<PipelineError> {
  if (response.status === 404) {
    await response.body?.cancel();
    return new PipelineError(`${url}: there is no such dump`, {
      code: 'dump_missing',
      op: 'open dump',
      subject: url,
      retryable: false,
      hint: 'Only the last two snapshots are kept, and not every wiki is in them.',
    });
  }
  return refusal(url, response, ADVICE);
}

/** `fetch` throws what we aborted it with, or a TypeError for whatever the network does. */
function failureOf(error: unknown, { url, signal }: ConnectionRequest): unknown {
  if (signal.aborted) return signal.reason;
  return error instanceof PipelineError ? error : unreachable(url, messageOf(error), error);
}
