/**
 * ① One connection to EventStreams, from socket to messages. The reader sets the pace: while it is behind, the socket
 * is not read (invariant 7). `eventsource` only parses. Request, end and silence are handled here, because that client
 * supports neither an initial Last-Event-ID, nor a status other than 200, nor back-pressure, nor a dead connection.
 */
import { EventSource } from 'eventsource';
import type { PipelineError } from '../../contracts/errors.ts';
import { shownUrl } from '../../core/shown-url.ts';
import type { ResumePoint } from '../../core/stream-cursor.ts';
import { Link } from '../link.ts';
import { afterMark } from './byte-order-mark.ts';
import { limitEvents } from './event-limit.ts';
import { withLineFeeds } from './line-ends.ts';
import { MessageQueue } from './message-queue.ts';
import type { StreamMessage } from './message-queue.ts';
import { watchRetry } from './retry-field.ts';
import { fetchOnSite } from '../same-site.ts';
import { isSimulated } from '../simulated.ts';
import { asSourceFailure, contentType, refusal, refused, unreachable } from '../source-failure.ts';
import type { Advice } from '../source-failure.ts';
import { sourceProblems } from '../known-problems.ts';

export interface StreamRequest {
  readonly url: string;
  readonly userAgent: string;
  readonly resume: ResumePoint;
  readonly signal: AbortSignal;
  /** Without a byte for this long the connection is dead. */
  readonly stallMs: number;
  /** Called once per connection, before the first message. */
  readonly onOpen?: (info: { simulated: boolean }) => void;
  /** Called when the server says how long to wait before the next connection, ms. */
  readonly onRetry?: (pauseMs: number) => void;
}

const CONNECT_MS = 20_000;
/** Of one event with its id. Wikimedia's Kafka limits a message to 4 MiB. */
const MAX_EVENT = 5 << 20;
const EVENT_STREAM = 'text/event-stream';

const ADVICE: Advice = {
  byStatus: {
    400: sourceProblems.wrongStart.remedy,
    403: sourceProblems.blocked.remedy,
    404: sourceProblems.noStream.remedy,
  },
  otherwise: sourceProblems.wrongStream.remedy,
  // None: the same request has worked before, or works once the stream is there, and a run that fails stays down.
  final: [],
  // The pauses between connections are enough.
  rateLimitMs: 0,
};

/**
 * Yields the messages of one connection; returns when the server ends it.
 * @throws PipelineError `source_refused` (retryable unless the address can never work), `source_unreachable` (trying
 *   again may help; `RetryLater` when the server said how much later).
 */
export async function* readEventStream(request: StreamRequest): AsyncGenerator<StreamMessage> {
  if (!isWebAddress(request.url)) {
    const { shows, remedy } = sourceProblems.notAStream;
    throw refused(`${shows({ address: shownUrl(request.url) })}. ${remedy}`, request.url, remedy);
  }
  const link = new Link(request.signal);
  const queue = new MessageQueue();
  link.signal.addEventListener('abort', () => queue.end(), { once: true });
  if (link.signal.aborted) queue.end();
  const source = new EventSource(addressOf(request), {
    fetch: (url, init) => connect(String(url), init.headers, { request, link, queue }),
  });
  source.onmessage = event => queue.push({ data: Buffer.from(event.data, 'latin1'), id: event.lastEventId });
  // Called for a refused, broken or ended connection. An `event: error` message is left out: the server ends the
  // connection after it anyway.
  source.onerror = event => {
    source.close();
    if (event.message === undefined) link.end();
    else link.fail(unreachable(request.url, event.message));
  };
  try {
    yield* queue;
    if (link.failure !== undefined) throw link.failure;
  } finally {
    source.close();
    link.end();
  }
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}

/** What the pieces of one connection share. */
interface Connection {
  readonly request: StreamRequest;
  readonly link: Link;
  readonly queue: MessageQueue;
}

function addressOf({ url, resume }: StreamRequest): string {
  if (resume.sinceMs === undefined) return url;
  const address = new URL(url);
  address.searchParams.set('since', new Date(resume.sinceMs).toISOString());
  return address.href;
}

/** Sends the request and returns the answer as `eventsource` expects it. */
async function connect(url: string, headers: Record<string, string>, connection: Connection) {
  const { request, link } = connection;
  try {
    const { lastEventId } = request.resume;
    const resume = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const sent = fetchOnSite(url, {
      headers: { ...headers, 'User-Agent': request.userAgent, ...resume },
      signal: link.signal,
    });
    const tooLate = (): PipelineError => unreachable(url, `no answer within ${CONNECT_MS / 1000} s`);
    const response = await link.within(CONNECT_MS, sent, tooLate);
    if (response.status !== 200) throw await link.within(CONNECT_MS, refusal(url, response, ADVICE), tooLate);
    const type = (response.headers.get('content-type') ?? '').toLowerCase();
    if (!type.startsWith(EVENT_STREAM) || response.body === null) {
      throw unreachable(
        url,
        sourceProblems.otherAnswer.shows({ type: contentType(response), expected: EVENT_STREAM }),
      );
    }
    request.onOpen?.({ simulated: isSimulated(response) });
    const { status } = response;
    const body = paced(response.body, connection);
    // The parser knows the type in small letters only.
    const known = new Headers({ 'content-type': type });
    return { status, url: response.url, redirected: false, headers: known, body };
  } catch (error) {
    link.fail(asSourceFailure(url, error));
    throw error;
  }
}

/** The body, read only while the queue has room, watched for silence, each byte as one character. */
function paced(
  body: ReadableStream<Uint8Array>,
  { request: { url, stallMs, onRetry = () => undefined }, link, queue }: Connection,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const start = afterMark();
  const lines = withLineFeeds();
  const watch = watchRetry(onRetry);
  const limit = limitEvents(MAX_EVENT);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await queue.hasRoom();
        const silent = (): PipelineError => unreachable(url, `silent for ${stallMs / 1000} s`);
        const { value, done } = await link.within(stallMs, reader.read(), silent);
        if (done) return controller.close();
        const bytes = lines(start(Buffer.from(value.buffer, value.byteOffset, value.length)));
        watch(bytes);
        const kept = limit(bytes);
        // The parser decodes UTF-8 and would replace invalid bytes; one character a byte brings all of them through.
        controller.enqueue(Buffer.from(kept.toString('latin1'), 'utf8'));
      },
      async cancel(reason) {
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
