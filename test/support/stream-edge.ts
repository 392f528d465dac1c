/** A server in front of a stream, as Wikimedia's edge is one: it passes requests on, or refuses them. */
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class StreamEdge {
  /** The stream behind it; undefined: every request is refused with 403. */
  behind: string | undefined;
  readonly #server: Server;

  private constructor(behind: string | undefined) {
    this.behind = behind;
    this.#server = createServer(({ url = '', headers }, response) => {
      if (this.behind === undefined) {
        response.writeHead(403).end('temporarily blocked');
        return;
      }
      const stream = new URL(this.behind);
      stream.search = new URL(url, this.behind).search;
      const asked = get(stream, { headers }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      asked.on('error', () => response.destroy());
      response.on('close', () => asked.destroy());
    });
  }

  static async open(behind?: string): Promise<StreamEdge> {
    const edge = new StreamEdge(behind);
    await once(edge.#server.listen(0, '127.0.0.1'), 'listening');
    return edge;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/stream`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
