/** A dump server on 127.0.0.1 that fails on purpose: it first follows a script of failures, then works. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Step =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Breaks off after this many bytes of the body; `silent` leaves the connection open. */
  | { readonly cutAfter: number; readonly silent?: boolean };

export class DumpServer {
  /** By path. */
  readonly files = new Map<string, Buffer>();
  etag: string | undefined = '"v1"';
  headers: Readonly<Record<string, string>> = {};
  /** Whether answers have a `Content-Length`. */
  announces = true;
  /** How the next requests fail, one step each. */
  readonly script: Step[] = [];
  readonly requests: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
  /** Bytes handed to the socket. */
  written = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push({ url: request.url ?? '', headers: request.headers });
      response.on('error', () => undefined);
      this.#answer(request, response);
    });
  }

  static async start(): Promise<DumpServer> {
    const server = new DumpServer();
    await new Promise<void>(resolve => void server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const step = this.script.shift();
    if (step !== undefined && 'status' in step) {
      response.writeHead(step.status, step.headers).end(step.body ?? 'what the server says');
      return;
    }
    const file = this.files.get(request.url ?? '');
    if (file === undefined) return void response.writeHead(404).end('no such file');
    const from = this.#firstByte(request.headers);
    const body = file.subarray(from);
    if (this.etag !== undefined) response.setHeader('etag', this.etag);
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value);
    if (this.announces) response.setHeader('content-length', body.length);
    if (from > 0) response.setHeader('content-range', `bytes ${from}-${file.length - 1}/${file.length}`);
    response.writeHead(from > 0 ? 206 : 200);
    if (step === undefined) return this.#write(response, body);
    response.write(body.subarray(0, step.cutAfter), () => {
      if (step.silent !== true) setTimeout(() => response.socket?.destroy(), 20);
    });
    if (step.cutAfter === 0) response.flushHeaders();
  }

  /** A range counts only for the current version. */
  #firstByte({ range, 'if-range': version }: IncomingHttpHeaders): number {
    return range === undefined || version !== this.etag ? 0 : Number(/\d+/.exec(range)?.[0]);
  }

  /** Piece by piece, as fast as the reader takes them. */
  #write(response: ServerResponse, body: Buffer): void {
    const piece = body.subarray(0, 64 << 10);
    if (piece.length === 0) return void response.end();
    this.written += piece.length;
    const next = (): void => this.#write(response, body.subarray(piece.length));
    if (response.write(piece)) setImmediate(next);
    else response.once('drain', next);
  }
}
