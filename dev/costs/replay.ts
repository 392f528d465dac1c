/**
 * Replays a range of the simulated Wikimedia's past, many times faster than it happened: the same messages in the same
 * order, each when its time comes on a faster clock, and none later than the real stream's. The speed depends on that
 * clock alone: a slow reader falls behind for a while, and misses nothing.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DAY_MS, MINUTE_MS } from '../../src/core/time.ts';
import { LOOPBACK } from '../stack/ports.ts';
import { Faults } from '../simulator/faults.ts';
import type { Message, MessageLog, Source } from '../simulator/message-log.ts';
import { resolveStart } from '../simulator/position.ts';
import { refusal, refuse } from '../simulator/refusal.ts';
import { SIMULATED_HEADER } from '../simulator/server.ts';
import { StreamConnection } from '../simulator/stream.ts';
import { Universe } from '../simulator/universe.ts';

export interface ReplayOptions {
  readonly seed: number;
  /** Mean events per second over a day of event time. */
  readonly rate: number;
  /** Where the replay starts, epoch ms. It continues for as long as there is a reader. */
  readonly fromMs: number;
  readonly speed: number;
}

const PATH = '/v2/stream/recentchange';
/** The edge of the real stream ends every connection after a quarter of an hour. */
const CONNECTION_MAX_MS = 15 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
/**
 * Lateness of the latest captured event. The simulated stream has events that are a quarter of an hour late and cause
 * rebuilds of sealed hours. How often depends on how long a rebuild takes, which does not speed up with the stream, so the
 * replay makes no event later than this.
 */
export const LATEST_SEC = 96;

export class Replay {
  readonly streamUrl: string;
  readonly #server: Server;
  readonly #options: ReplayOptions;
  readonly #source: Source;
  readonly #faults: Faults;
  readonly #open = new Set<StreamConnection>();
  /** When the first reader connected, epoch ms. */
  #beganMs: number | undefined;

  private constructor(server: Server, options: ReplayOptions) {
    this.#server = server;
    this.#options = options;
    this.streamUrl = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}${PATH}`;
    this.#faults = new Faults(options.seed, () => []);
    const universe = new Universe({ ...options, retentionMs: WEEK_MS });
    this.#source = {
      logs: universe.logs.map(log => this.#faster(log)),
      facts: (from, to, nowMs) => universe.facts(from, to, this.#eventMs(nowMs)),
      silentStart: universe.silentStart,
      finished: () => false,
    };
    server.on('request', (request, response) => {
      void this.#serve(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a free port of the loopback interface. The clock starts with the first reader. */
  static async open(options: ReplayOptions): Promise<Replay> {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, 'listening');
    return new Replay(server, options);
  }

  async close(): Promise<void> {
    for (const connection of this.#open) connection.destroy();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader(SIMULATED_HEADER, 'true');
    const { pathname, searchParams } = new URL(request.url ?? '', this.streamUrl);
    const { method = '', headers } = request;
    const nowMs = Date.now();
    this.#beganMs ??= nowMs;
    const lastEventId = headers['last-event-id'];
    const starts =
      pathname === PATH
        ? resolveStart(
            this.#source,
            {
              lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
              since: searchParams.get('since') ?? undefined,
            },
            nowMs,
          )
        : refusal(404, 'not_found', 'Not Found', `only ${PATH} is replayed`);
    if ('kind' in starts) return refuse(response, starts, method, pathname);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const connection = new StreamConnection(response, {
      source: this.#source,
      starts,
      format: 'sse',
      faults: this.#faults,
      connectionMaxMs: CONNECTION_MAX_MS / this.#options.speed,
      replayRate: Infinity,
      commentMs: 5_000,
    });
    this.#open.add(connection);
    response.once('close', () => this.#open.delete(connection));
    await connection.run();
  }

  #eventMs(nowMs: number): number {
    const { fromMs, speed } = this.#options;
    return fromMs + (nowMs - (this.#beganMs ?? nowMs)) * speed;
  }

  #arrivalMs(eventMs: number): number {
    const { fromMs, speed } = this.#options;
    return (this.#beganMs ?? Date.now()) + (eventMs - fromMs) / speed;
  }

  #faster(log: MessageLog): MessageLog {
    return {
      ...log,
      start: nowMs => log.start(this.#eventMs(nowMs)),
      end: nowMs => log.end(this.#eventMs(nowMs)),
      firstAtOrAfter: (timestampMs, nowMs) => log.firstAtOrAfter(timestampMs, this.#eventMs(nowMs)),
      read: offset =>
        log.read(offset).map(message => ({
          ...message,
          arrivedMs: this.#arrivalMs(message.arrivedMs),
          body: () => punctual(message),
        })),
      offsetsBetween: (from, to, nowMs) => log.offsetsBetween(from, to, this.#eventMs(nowMs)),
    };
  }
}

/** The text of a message, with an event time at most `LATEST_SEC` before it was sent. */
function punctual({ timestampMs, body }: Pick<Message, 'timestampMs' | 'body'>): string | Uint8Array {
  const text = body();
  if (typeof text !== 'string') return text;
  const earliest = Math.floor(timestampMs / 1000) - LATEST_SEC;
  // Matches only the key: inside string values the quotes are escaped.
  return text.replace(/"timestamp":(\d+)/, (found, timestamp: string) =>
    Number(timestamp) < earliest ? `"timestamp":${earliest}` : found,
  );
}
