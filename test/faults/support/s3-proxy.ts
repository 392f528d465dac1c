/**
 * An HTTP proxy in front of the S3 gateway that behaves like a failing service: it answers with an error without
 * forwarding, or forwards a request and cuts the connection before the answer.
 */
import { once } from 'node:events';
import { Agent, createServer, request as ask } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from '../../../dev/stack/ports.ts';
import { GOLD_HOURS, LOG_PREFIX } from '../../../src/contracts/storage/object-keys.ts';
import type { Random } from '../../../dev/simulator/random.ts';

/** Which requests fail: a share of those for keys and listings below a prefix, or of all. */
interface Struck {
  readonly share: number;
  readonly below?: string;
}

export type S3Behaviour =
  | { readonly kind: 'pass' }
  /** They get this status. */
  | ({ readonly kind: 'answer'; readonly status: 500 | 503 } & Struck)
  /** PUTs are stored, but the client gets no answer. */
  | ({ readonly kind: 'lose answers' } & Struck);

/** Error codes of S3. */
const ERRORS = { 500: 'InternalError', 503: 'SlowDown' } as const;

export class S3Proxy {
  readonly port: number;
  readonly counts = {
    answered: 0,
    lostAnswers: 0,
    lostRecords: 0,
    refusedRecords: 0,
    /** PUTs of gold hours that lost against another worker. */
    conflicts: 0,
  };
  readonly #server: Server;
  readonly #upstreamPort: number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #random: Random;
  #behaviour: S3Behaviour = { kind: 'pass' };

  private constructor(server: Server, upstreamPort: number, random: Random) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.#upstreamPort = upstreamPort;
    this.#random = random;
    server.on('request', (request, response) => {
      void this.#serve(request, response).catch(() => request.socket.resetAndDestroy());
    });
  }

  static async open(upstreamPort: number, random: Random): Promise<S3Proxy> {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, 'listening');
    return new S3Proxy(server, upstreamPort, random);
  }

  behave(behaviour: S3Behaviour): void {
    this.#behaviour = behaviour;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const behaviour = this.#behaviour;
    const body = await bytesOf(request);
    const key = keyOf(request);
    if (behaviour.kind === 'answer' && this.#strikes(behaviour, key)) {
      this.counts.answered += 1;
      const code = ERRORS[behaviour.status];
      response.writeHead(behaviour.status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>made up</Message></Error>`);
      return;
    }
    const answer = await this.#forward(request, body);
    const content = await bytesOf(answer);
    const isRecord = request.method === 'PUT' && key.startsWith(LOG_PREFIX);
    if (isRecord && answer.statusCode === 412) this.counts.refusedRecords += 1;
    if (isRefusedHour(request, key, answer)) this.counts.conflicts += 1;
    const isStored = request.method === 'PUT' && answer.statusCode === 200;
    if (isStored && behaviour.kind === 'lose answers' && this.#strikes(behaviour, key)) {
      this.counts.lostAnswers += 1;
      if (isRecord) this.counts.lostRecords += 1;
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    response.end(content);
  }

  #strikes({ share, below = '' }: Struck, key: string): boolean {
    return key.startsWith(below) && this.#random.chance(share);
  }

  async #forward({ method, url, rawHeaders }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const upstream = ask({
      host: LOOPBACK,
      port: this.#upstreamPort,
      method,
      path: url,
      // Unchanged, because they are signed, including the host. The whole body is here, so no 100 Continue is needed.
      headers: withoutExpect(rawHeaders),
      agent: this.#agent,
    });
    upstream.end(body);
    const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
    return answer;
  }
}

/** The key or listed prefix of a request. The first folder of the path is the bucket. */
function keyOf({ url = '/' }: IncomingMessage): string {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, , ...key] = decodeURIComponent(pathname).split('/');
  return searchParams.get('prefix') ?? key.join('/');
}

/** A PUT that found another version than it was meant to replace. A retry may only have found its own first try. */
function isRefusedHour({ method, headers }: IncomingMessage, key: string, answer: IncomingMessage): boolean {
  const isFirstTry = String(headers['amz-sdk-request']).startsWith('attempt=1');
  return method === 'PUT' && key.startsWith(GOLD_HOURS) && answer.statusCode === 412 && isFirstTry;
}

function withoutExpect(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, i) => rawHeaders[i - (i % 2)]?.toLowerCase() !== 'expect');
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
