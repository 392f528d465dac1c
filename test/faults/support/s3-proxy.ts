/**
 * An HTTP proxy before the S3 gateway, as a service in trouble: it answers with an error instead of asking, or has a
 * request carried out and cuts the connection before the answer.
 */
import { once } from 'node:events';
import { Agent, createServer, request as ask } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from '../../../local/ports.ts';
import { LOG_PREFIX } from '../../../src/core/ids.ts';
import type { Random } from '../../../local/wikimedia/random.ts';

export type S3Behaviour =
  | { readonly kind: 'pass' }
  /** A share of all requests is answered with this status. */
  | { readonly kind: 'answer'; readonly status: 500 | 503; readonly share: number }
  /** A share of the PUTs is stored, and nobody is told. */
  | { readonly kind: 'lose answers'; readonly share: number };

/** The words of S3 itself. */
const ERRORS = { 500: 'InternalError', 503: 'SlowDown' } as const;

export class S3Proxy {
  readonly port: number;
  readonly counts = { answered: 0, lostAnswers: 0, lostRecords: 0, refusedRecords: 0 };
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
    if (behaviour.kind === 'answer' && this.#random.chance(behaviour.share)) {
      this.counts.answered += 1;
      const code = ERRORS[behaviour.status];
      response.writeHead(behaviour.status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>made up</Message></Error>`);
      return;
    }
    const answer = await this.#forward(request, body);
    const content = await bytesOf(answer);
    const isRecord = request.method === 'PUT' && request.url?.includes(`/${LOG_PREFIX}`) === true;
    if (isRecord && answer.statusCode === 412) this.counts.refusedRecords += 1;
    const isStored = request.method === 'PUT' && answer.statusCode === 200;
    if (isStored && behaviour.kind === 'lose answers' && this.#random.chance(behaviour.share)) {
      this.counts.lostAnswers += 1;
      if (isRecord) this.counts.lostRecords += 1;
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    response.end(content);
  }

  async #forward({ method, url, rawHeaders }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const upstream = ask({
      host: LOOPBACK,
      port: this.#upstreamPort,
      method,
      path: url,
      // As they came: they are signed, the name of the host included. The body is here, so nobody waits for a 100.
      headers: withoutExpect(rawHeaders),
      agent: this.#agent,
    });
    upstream.end(body);
    const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
    return answer;
  }
}

function withoutExpect(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, i) => rawHeaders[i - (i % 2)]?.toLowerCase() !== 'expect');
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
