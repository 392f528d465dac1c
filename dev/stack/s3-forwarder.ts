/**
 * A proxy in front of an S3 endpoint on a free port of the loopback interface. It forwards requests unchanged, because
 * clients sign them, including the name of the host. Its owner handles each request: counts it, delays it, refuses it.
 */
import { once } from 'node:events';
import { Agent, createServer, request as sendRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LOOPBACK } from './ports.ts';

export class S3Forwarder {
  readonly port: number;
  readonly #server: Server;
  readonly #upstream: URL;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(server: Server, upstream: URL) {
    this.#server = server;
    this.#upstream = upstream;
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(endpoint: string): Promise<S3Forwarder> {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, 'listening');
    return new S3Forwarder(server, new URL(endpoint));
  }

  /** Calls back for every request from now on. When the handler rejects, the client's connection is reset. */
  handle(handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>): void {
    this.#server.on('request', (request, response) => {
      // A request whose client has left has no socket any more.
      const { socket } = request;
      void handler(request, response).catch(() => socket.resetAndDestroy());
    });
  }

  /** Sends a request to the endpoint, with the body given, and returns the endpoint's response. */
  async forward({ method, url, rawHeaders }: IncomingMessage, body: Readable): Promise<IncomingMessage> {
    const upstream = sendRequest({
      host: this.#upstream.hostname,
      port: this.#upstream.port,
      method,
      path: url,
      headers: withoutExpect(rawHeaders),
      agent: this.#agent,
    });
    const responded = once(upstream, 'response') as Promise<[IncomingMessage]>;
    // In parallel: the endpoint may respond before it has read the whole body.
    const [[response]] = await Promise.all([responded, pipeline(body, upstream)]);
    return response;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

/** The key that a request is for, or the prefix that it lists. The first folder of the path is the bucket. */
export function keyOf({ url = '/' }: IncomingMessage): string {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, , ...key] = decodeURIComponent(pathname).split('/');
  return searchParams.get('prefix') ?? key.join('/');
}

/** The body is sent without waiting for a `100 Continue`, so the request must not ask for one. */
function withoutExpect(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, i) => rawHeaders[i - (i % 2)]?.toLowerCase() !== 'expect');
}
