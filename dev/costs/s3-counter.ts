/**
 * A proxy in front of an S3 endpoint that counts requests as a bill would, by kind and by place in the bucket, together
 * with their bytes. Refused requests (404, 412) count; failures of the endpoint itself do not.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { LOOPBACK } from '../stack/ports.ts';
import { S3Forwarder, keyOf } from '../stack/s3-forwarder.ts';

/** How S3 bills a request: LIST costs as much as PUT, HEAD as much as GET, and DELETE nothing. */
export type S3Request = 'put' | 'list' | 'get' | 'delete';

export interface S3Count {
  readonly request: S3Request;
  /** The first two levels of the key or listed prefix, for example `gold/edits_per_min` or `bronze/_log`. */
  readonly place: string;
  readonly requests: number;
  /** Bytes in the bodies of requests and of responses. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export class S3Counter {
  readonly #forwarder: S3Forwarder;
  #counts = new Map<string, S3Count>();

  private constructor(forwarder: S3Forwarder) {
    this.#forwarder = forwarder;
    forwarder.handle((request, response) => this.#serve(request, response));
  }

  static async open(endpoint: string): Promise<S3Counter> {
    return new S3Counter(await S3Forwarder.open(endpoint));
  }

  /** The AWS_ENDPOINT_URL of clients whose requests are to be counted. */
  get endpoint(): string {
    return `http://${LOOPBACK}:${this.#forwarder.port}`;
  }

  /** Counts since the last reset. */
  get counts(): S3Count[] {
    return [...this.#counts.values()];
  }

  reset(): void {
    this.#counts = new Map();
  }

  async close(): Promise<void> {
    await this.#forwarder.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let bytesIn = 0;
    request.on('data', (chunk: Buffer) => (bytesIn += chunk.length));
    const answer = await this.#forwarder.forward(request, request);
    let bytesOut = 0;
    answer.on('data', (chunk: Buffer) => (bytesOut += chunk.length));
    const { statusCode = 502 } = answer;
    // Counted before the client sees the end of the response, so that it finds its own request counted.
    if (statusCode < 500) answer.once('end', () => this.#add(request, bytesIn, bytesOut));
    response.writeHead(statusCode, answer.rawHeaders);
    await pipeline(answer, response);
  }

  #add(message: IncomingMessage, bytesIn: number, bytesOut: number): void {
    const request = kindOf(message);
    const place = placeOf(keyOf(message));
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

/** The place of a key. Hours and days of a table share one place. */
export function placeOf(key: string): string {
  const [first = '', second = ''] = key.split('/');
  return second === '' || second.includes('=') ? first : `${first}/${second}`;
}

function kindOf({ method = '', url = '' }: IncomingMessage): S3Request {
  if (method === 'DELETE') return 'delete';
  if (method === 'PUT' || method === 'POST') return 'put';
  return new URL(url, 'http://s3').searchParams.has('list-type') ? 'list' : 'get';
}
