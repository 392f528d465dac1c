/**
 * A proxy before an S3 endpoint that counts what is asked: requests by kind and by what of the bucket they concern, and
 * bytes, as a bill would have them. What is refused (404, 412) counts, failures of the endpoint itself do not.
 */
import { once } from 'node:events';
import { Agent, createServer, request as ask } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { LOOPBACK } from '../stack/ports.ts';

/** How S3 bills a request: LIST costs as much as PUT, HEAD as GET, DELETE nothing. */
export type S3Request = 'put' | 'list' | 'get' | 'delete';

export interface S3Count {
  readonly request: S3Request;
  /** The first two levels of the key or of the listed prefix, such as `gold/edits_per_min` or `bronze/_log`. */
  readonly place: string;
  readonly requests: number;
  /** Bytes of the bodies of requests and of answers. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export class S3Counter {
  readonly port: number;
  readonly #server: Server;
  readonly #upstream: URL;
  readonly #agent = new Agent({ keepAlive: true });
  #counts = new Map<string, S3Count>();

  private constructor(server: Server, upstream: URL) {
    this.#server = server;
    this.#upstream = upstream;
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (request, response) => {
      void this.#serve(request, response).catch(() => request.socket.destroy());
    });
  }

  /** Listens on a free port of the loopback interface. */
  static async open(endpoint: string): Promise<S3Counter> {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, 'listening');
    return new S3Counter(server, new URL(endpoint));
  }

  /** AWS_ENDPOINT_URL of who is to be counted. */
  get endpoint(): string {
    return `http://${LOOPBACK}:${this.port}`;
  }

  /** What was counted since the last reset. */
  get counts(): S3Count[] {
    return [...this.#counts.values()];
  }

  reset(): void {
    this.#counts = new Map();
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upstream = ask({
      host: this.#upstream.hostname,
      port: this.#upstream.port,
      method: request.method,
      path: request.url,
      // As they came: they are signed, the name of the host included.
      headers: request.rawHeaders,
      agent: this.#agent,
    });
    const answered = once(upstream, 'response') as Promise<[IncomingMessage]>;
    let bytesIn = 0;
    request.on('data', (chunk: Buffer) => (bytesIn += chunk.length));
    // Both at once: an endpoint may refuse before it has read everything.
    const [[answer]] = await Promise.all([answered, pipeline(request, upstream)]);
    let bytesOut = 0;
    answer.on('data', (chunk: Buffer) => (bytesOut += chunk.length));
    const { statusCode = 502 } = answer;
    // Before the client has seen the end: who has its answer finds it counted.
    if (statusCode < 500) answer.once('end', () => this.#note(request, bytesIn, bytesOut));
    response.writeHead(statusCode, answer.rawHeaders);
    await pipeline(answer, response);
  }

  #note({ method = '', url = '' }: IncomingMessage, bytesIn: number, bytesOut: number): void {
    const { pathname, searchParams } = new URL(url, this.endpoint);
    const isList = method === 'GET' && searchParams.has('list-type');
    const request: S3Request =
      method === 'DELETE'
        ? 'delete'
        : isList
          ? 'list'
          : method === 'PUT' || method === 'POST'
            ? 'put'
            : 'get';
    const key = isList
      ? (searchParams.get('prefix') ?? '')
      : decodeURIComponent(pathname.split('/').slice(2).join('/'));
    const place = placeOf(key);
    const name = `${request} ${place}`;
    const before = this.#counts.get(name) ?? { request, place, requests: 0, bytesIn: 0, bytesOut: 0 };
    this.#counts.set(name, {
      ...before,
      requests: before.requests + 1,
      bytesIn: before.bytesIn + bytesIn,
      bytesOut: before.bytesOut + bytesOut,
    });
  }
}

/** The place of a key. Partitions are not told apart. */
export function placeOf(key: string): string {
  const [first = '', second = ''] = key.split('/');
  return second === '' || second.includes('=') ? first : `${first}/${second}`;
}
