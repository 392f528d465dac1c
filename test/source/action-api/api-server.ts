/**
 * A server that answers like a wiki's Action API, correctly or not, as each test sets it. Failures below HTTP are in
 * `../stream/wayward-server.ts`.
 */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  /** What happens instead of the end: the socket closes, or nothing more is sent. */
  readonly instead?: 'cut' | 'silence';
}

interface Asked {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
}

export class ApiServer {
  reply: (url: URL) => Reply = () => ({ body: {} });
  readonly asked: Asked[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      this.asked.push({ url, headers: request.headers });
      send(response, this.reply(url));
    });
  }

  static async start(): Promise<ApiServer> {
    const server = new ApiServer();
    await new Promise<void>(resolve => void server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** Its ACTION_API_URL. */
  get template(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/{server_name}/w/api.php`;
  }

  /** Parameters of the requests so far. */
  get questions(): Record<string, string>[] {
    return this.asked.map(({ url }) => Object.fromEntries(url.searchParams));
  }

  /** Number of open connections. */
  async openConnections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

function send(response: ServerResponse, { status = 200, headers, body = '', instead }: Reply): void {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  const bytes = isRaw ? body : JSON.stringify(body);
  if (instead === undefined) response.end(bytes);
  else {
    response.write(bytes, () => {
      // The head and the beginning arrive before the end does.
      if (instead === 'cut') setTimeout(() => response.socket?.destroy(), 20);
    });
  }
}
