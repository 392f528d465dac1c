/**
 * An S3 on a real socket that speaks just enough of the protocol, and answers as stores in the wild do: a script says
 * which requests it answers in which way. What it does not say is answered as S3 would.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type S3Call = 'GET' | 'PUT' | 'DELETE' | 'HEAD' | 'LIST';

export interface S3Request {
  readonly call: S3Call;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly headers: IncomingMessage['headers'];
}

/** An answer instead of the one of S3. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HostileS3Options {
  /** Returns undefined where the store answers as it should. */
  readonly script?: (request: S3Request) => ScriptedAnswer | undefined;
  /** Answers 200 and the whole object to a request for a range. */
  readonly ignoresRanges?: boolean;
  /** Replaces whatever is there. */
  readonly ignoresIfMatch?: boolean;
  /** Lists from the first key, wherever it is to begin. */
  readonly ignoresStartAfter?: boolean;
  /** Sends whole objects in chunks, without saying how long they are. */
  readonly isChunked?: boolean;
}

const PIECE_BYTES = 1 << 20;
const REQUEST_ID = { 'x-amz-request-id': 'HOSTILE' };

export class HostileS3 {
  /** Bodies by key. */
  readonly objects = new Map<string, Buffer>();
  /** All requests so far. */
  readonly requests: S3Request[] = [];
  /** Bytes of bodies that were handed to the network. */
  sentBytes = 0;
  readonly #server: Server;
  options: HostileS3Options;

  private constructor(options: HostileS3Options) {
    this.options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(options: HostileS3Options = {}): Promise<HostileS3> {
    const store = new HostileS3(options);
    await once(store.#server.listen(0, '127.0.0.1'), 'listening');
    return store;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { searchParams } = new URL(request.url ?? '', 'http://s3');
    const seen = requestOf(request);
    this.requests.push(seen);
    const scripted = this.options.script?.(seen);
    if (scripted !== undefined) {
      response.writeHead(scripted.status, { ...scripted.headers });
      // An answer to a HEAD has no body.
      response.end(seen.call === 'HEAD' ? undefined : scripted.body);
      return;
    }
    this.#answer(seen, Buffer.concat(chunks), searchParams, response);
  }

  #lengthOf(body: Buffer, etag: string): Record<string, string> {
    const length = this.options.isChunked === true ? {} : { 'content-length': String(body.length) };
    return { ...REQUEST_ID, etag, ...length };
  }

  /** As fast as the client reads. */
  async #send(body: Buffer, response: ServerResponse): Promise<void> {
    const closed = once(response, 'close');
    for (let at = 0; at < body.length && !response.closed; at += PIECE_BYTES) {
      const piece = body.subarray(at, at + PIECE_BYTES);
      this.sentBytes += piece.length;
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), closed]);
    }
    response.end();
  }

  #answer(
    { call, key, headers }: S3Request,
    body: Buffer,
    query: URLSearchParams,
    response: ServerResponse,
  ): void {
    const present = this.objects.get(key);
    const refuse = (status: number, code: string): void => {
      response.writeHead(status, { ...REQUEST_ID, 'content-type': 'application/xml' }).end(errorXml(code));
    };
    const tag = present === undefined ? undefined : tagOf(present);
    const wanted = this.options.ignoresIfMatch === true ? undefined : headers['if-match'];
    const hasOtherTag = wanted !== undefined && wanted !== tag;
    switch (call) {
      case 'LIST': {
        const keys = [...this.objects.keys()].filter(name => name.startsWith(query.get('prefix') ?? ''));
        const after = this.options.ignoresStartAfter === true ? '' : (query.get('start-after') ?? '');
        const later = keys.filter(name => name > after).sort();
        const contents = later.map(name => ({ key: name, body: this.objects.get(name) ?? Buffer.alloc(0) }));
        response
          .writeHead(200, { ...REQUEST_ID, 'content-type': 'application/xml' })
          .end(listingXml(contents));
        return;
      }
      case 'PUT': {
        if (key !== '') {
          if (headers['if-none-match'] === '*' && present !== undefined)
            return refuse(412, 'PreconditionFailed');
          if (present === undefined && hasOtherTag) return refuse(404, 'NoSuchKey');
          if (hasOtherTag) return refuse(412, 'PreconditionFailed');
          this.objects.set(key, body);
        }
        response.writeHead(200, { ...REQUEST_ID, etag: tagOf(body) }).end();
        return;
      }
      case 'DELETE':
        this.objects.delete(key);
        response.writeHead(204, REQUEST_ID).end();
        return;
      case 'HEAD':
        response.writeHead(200, REQUEST_ID).end();
        return;
      case 'GET': {
        if (present === undefined || tag === undefined) return refuse(404, 'NoSuchKey');
        if (hasOtherTag) return refuse(412, 'PreconditionFailed');
        const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
        if (range === null || this.options.ignoresRanges === true) {
          void this.#send(present, response.writeHead(200, this.#lengthOf(present, tag)));
          return;
        }
        const [start, end] = [Number(range[1]), Math.min(Number(range[2]) + 1, present.length)];
        const about = { 'content-range': `bytes ${start}-${end - 1}/${present.length}` };
        response.writeHead(206, { ...REQUEST_ID, ...about, etag: tag }).end(present.subarray(start, end));
      }
    }
  }
}

/** What a request asks for. The first folder of its path is the bucket. */
export function requestOf({ url = '/', method, headers }: IncomingMessage): S3Request {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const key = decodeURIComponent(pathname.split('/').slice(2).join('/'));
  return { call: searchParams.has('list-type') ? 'LIST' : (method as S3Call), key, headers };
}

/** An error as S3 sends it. */
export function errorXml(code: string, more = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message>${more}</Error>`;
}

function listingXml(objects: readonly { readonly key: string; readonly body: Buffer }[]): string {
  const contents = objects
    .map(
      ({ key, body }) =>
        `<Contents><Key>${key}</Key><ETag>${tagOf(body)}</ETag><Size>${body.length}</Size></Contents>`,
    )
    .join('');
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
}

function tagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
