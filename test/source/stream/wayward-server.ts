/**
 * A server of event streams that fails on purpose: each path is one failure that EventStreams, its edge, proxies or
 * networks can cause. Only `/bytes` works, and serves exactly the given bytes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly atMs: number;
}

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };
const GREETING = ':ok\n\n';
/** One piece of an endless answer. */
const PIECE = Buffer.alloc(64 << 10, 'x');

/** One well-formed message. */
export function message(data: string, id = ''): string {
  return `event: message\n${id === '' ? '' : `id: ${id}\n`}data: ${data}\n\n`;
}

type Failure = (
  response: ServerResponse,
  server: WaywardServer,
  request: IncomingMessage,
) => void | Promise<void>;

/** Answers 200 and starts a stream. */
function begin(response: ServerResponse): ServerResponse {
  response.writeHead(200, SSE).write(GREETING);
  return response;
}

const FAILURES: Readonly<Record<string, Failure>> = {
  '/bytes': async (response, { pieces }) => {
    response.writeHead(200, SSE);
    for (const piece of pieces) await written(response, piece);
    response.end();
  },
  '/odd-name-of-the-type': response =>
    void response.writeHead(200, { 'content-type': 'Text/Event-Stream;charset=UTF-8' }).end(message('a')),
  '/bytes-with-pauses': async (response, { pieces }) => {
    response.writeHead(200, SSE);
    for (const piece of pieces) {
      await written(response, piece);
      // Without a pause several pieces arrive as one.
      await sleep(20);
    }
    response.end();
  },
  '/bytes-then-nothing': async (response, { pieces }) => {
    response.writeHead(200, SSE);
    for (const piece of pieces) await written(response, piece);
  },

  // Failures before an answer.
  '/no-answer': () => undefined,
  '/hang-up': response => void response.socket?.destroy(),
  '/reset': response => void response.socket?.resetAndDestroy(),
  '/no-http': response => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'),

  // Answers that are not streams.
  '/html': response => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>'),
  '/ndjson': response => void response.writeHead(200, { 'content-type': 'application/json' }).end('\n{}\n'),
  '/no-type': response => void response.writeHead(200).end(message('lost')),
  '/no-content': response => void response.writeHead(204).end(),
  '/moved': response => void response.writeHead(301, { location: '/bytes' }).end(),
  '/moved-in-circles': response => void response.writeHead(302, { location: '/moved-in-circles' }).end(),
  '/moved-nowhere': response => void response.writeHead(301).end(),
  '/refusal-without-end': response => void response.writeHead(503).write('we are '),
  '/endless-refusal': async (response, server) => {
    response.writeHead(500);
    await flood(response, server, PIECE);
  },

  // Connections that break.
  '/cut-cleanly': response => void begin(response).end(`${message('whole')}data: hal`),
  '/cut': response => {
    begin(response).write(`${message('whole')}data: hal`, () => response.socket?.end());
  },
  '/cut-by-reset': response => {
    begin(response).write(`${message('whole')}data: hal`, () =>
      setTimeout(() => response.socket?.resetAndDestroy(), 50),
    );
  },
  '/silent': response => void begin(response).write(message('first')),
  '/silent-at-once': response => response.writeHead(200, SSE).flushHeaders(),
  '/comments': (response, server) => {
    begin(response).write(message('first'));
    server.every(10, () => response.write(': still here\n'));
  },
  '/comments-then-cut': (response, server) => {
    begin(response);
    server.every(10, () => response.write(': still here\n'));
    server.after(1_100, () => {
      server.stopTimers();
      response.socket?.destroy();
    });
  },

  // Too much.
  '/endless-line': async (response, server) => {
    begin(response).write('data: ');
    await flood(response, server, PIECE);
    response.end(`\n\n${message('after')}`);
  },
  '/endless-comment': async (response, server) => {
    begin(response).write(': ');
    await flood(response, server, PIECE);
    response.end(`\n\n${message('after')}`);
  },
  '/endless-event': async (response, server) => {
    begin(response);
    await flood(response, server, Buffer.from('data: xxxxxxxxx\n'.repeat(4 << 10)));
    response.end(`\n\n${message('after')}`);
  },
  '/firehose': async (response, server) => {
    begin(response);
    let n = 0;
    await flood(response, server, () => Buffer.from(message(`${n++} ${'x'.repeat(8_000)}`)));
    response.end();
  },
  '/firehose-of-small-messages': async (response, server) => {
    begin(response);
    const id = 'i'.repeat(2_000);
    let n = 0;
    await flood(response, server, () => Buffer.from(message(`${n++}`, id).repeat(8)));
    response.end();
  },

  // Streams that end.
  '/end-at-once': response => void begin(response).end(),
  '/end-after-one': response => void begin(response).end(message('one')),
  '/end-after-a-while': (response, server) => {
    begin(response).write(message('one'));
    server.after(1_100, () => response.end());
  },
};

/** Any status: `/status/503` answers so, with `server.retryAfter`. */
const STATUS = /^\/status\/(\d{3})$/;

export class WaywardServer {
  /** The answer of `/bytes`, and of `/bytes-with-pauses`, where each piece arrives as its own chunk. */
  pieces: readonly Uint8Array[] = [];
  /** `Retry-After` of `/status/…`. */
  retryAfter: string | undefined;
  /** Headers in addition to those of the path. */
  extraHeaders: Readonly<Record<string, string>> = {};
  /** Paths that answer the next requests instead of the requested ones, one each. */
  readonly script: string[] = [];
  readonly requests: Received[] = [];
  /** Bytes that an endless answer has handed to the socket; it stops at `floodBytes`. */
  flooded = 0;
  floodBytes = 0;
  /** Maximum number of concurrent answers. */
  mostAtOnce = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #answering = new Set<ServerResponse>();
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor() {
    this.#server = createServer((request, response) => {
      const asked = new URL(request.url ?? '/', 'http://localhost').pathname;
      this.requests.push({ path: request.url ?? '', headers: request.headers, atMs: Date.now() });
      for (const [name, value] of Object.entries(this.extraHeaders)) response.setHeader(name, value);
      this.#answering.add(response);
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#answering.size);
      response.on('error', () => undefined).on('close', () => this.#answering.delete(response));
      void this.#answer(this.script.shift() ?? asked, response, request);
    });
    this.#server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<WaywardServer> {
    const server = new WaywardServer();
    await new Promise<void>(resolve => void server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** Answers in progress. Other sockets are idle ones of the pool of `fetch`, which closes them itself. */
  get answering(): number {
    return this.#answering.size;
  }

  every(ms: number, action: () => void): void {
    this.#timers.add(setInterval(action, ms));
  }

  after(ms: number, action: () => void): void {
    this.#timers.add(setTimeout(action, ms));
  }

  /** Stops everything that runs by timer. */
  stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.stopTimers();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #answer(path: string, response: ServerResponse, request: IncomingMessage): Promise<void> {
    const status = STATUS.exec(path)?.[1];
    if (status !== undefined) {
      if (this.retryAfter !== undefined) response.setHeader('retry-after', this.retryAfter);
      response.writeHead(Number(status), { 'content-type': 'application/json' });
      response.end(`{"title":"what the server says",\n "detail":"of ${status}"}`);
      return;
    }
    const failure = FAILURES[path];
    if (failure === undefined) response.writeHead(501).end(`this server has no ${path}`);
    else await failure(response, this, request);
  }
}

/** Writes, and waits until the socket accepts more or has closed. */
async function written(response: ServerResponse, piece: Uint8Array): Promise<void> {
  if (piece.length === 0 || response.destroyed || response.write(piece)) return;
  await new Promise<void>(resolve => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** Writes up to `server.floodBytes`, as fast as the socket accepts them. */
async function flood(
  response: ServerResponse,
  server: WaywardServer,
  piece: Buffer | (() => Buffer),
): Promise<void> {
  while (server.flooded < server.floodBytes && !response.destroyed) {
    const next = typeof piece === 'function' ? piece() : piece;
    await written(response, next);
    server.flooded += next.length;
    // Lets other work on the event loop run.
    await new Promise(resolve => setImmediate(resolve));
  }
}
