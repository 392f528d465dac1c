/**
 * The gateway of the stack as stores in the wild answer: a script answers some requests, and the gateway all others.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { LOOPBACK } from '../../dev/stack/ports.ts';
import { S3Forwarder } from '../../dev/stack/s3-forwarder.ts';
import { requestOf } from './hostile-s3.ts';
import type { S3Request, ScriptedAnswer } from './hostile-s3.ts';

/** Undefined where the gateway answers. */
export type EdgeScript = (
  request: S3Request,
) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>;

export class S3Edge {
  /** All requests so far. */
  readonly requests: S3Request[] = [];
  script: EdgeScript | undefined;
  /** Sends answers in chunks, without saying how long they are. */
  isChunked = false;
  /** Answers 200 and the whole object to a request for a range: reads the object of a key. */
  wholeOf: ((key: string) => Promise<Uint8Array>) | undefined;
  /** How many requests for a range were answered with the whole. */
  wholes = 0;
  readonly #forwarder: S3Forwarder;

  private constructor(forwarder: S3Forwarder) {
    this.#forwarder = forwarder;
    forwarder.handle((request, response) => this.#serve(request, response));
  }

  static async open(endpoint: string): Promise<S3Edge> {
    return new S3Edge(await S3Forwarder.open(endpoint));
  }

  get endpoint(): string {
    return `http://${LOOPBACK}:${this.#forwarder.port}`;
  }

  close(): Promise<void> {
    return this.#forwarder.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(request);
    const seen = requestOf(request);
    this.requests.push(seen);
    const scripted = await this.script?.(seen);
    if (scripted !== undefined) {
      response.writeHead(scripted.status, { ...scripted.headers });
      // An answer to a HEAD has no body.
      response.end(seen.call === 'HEAD' ? undefined : scripted.body);
      return;
    }
    const answer = await this.#forwarder.forward(request, Readable.from([body]));
    const content = await bytesOf(answer);
    if (answer.statusCode === 206 && this.wholeOf !== undefined) {
      const whole = await this.wholeOf(seen.key);
      this.wholes += 1;
      response.writeHead(200, without(answer, 'content-range', 'content-length')).end(whole);
      return;
    }
    if (!this.isChunked) {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders).end(content);
      return;
    }
    response.writeHead(answer.statusCode ?? 502, without(answer, 'content-length'));
    // An end with content says how long it is.
    if (content.length > 0) response.write(content);
    response.end();
  }
}

function without({ headers }: IncomingMessage, ...names: readonly string[]): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
