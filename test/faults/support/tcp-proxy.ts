/**
 * A TCP proxy between a process and a server, as the network between them: it can refuse, cut, freeze, lose
 * connections without a word, and trickle. It knows nothing of what it carries.
 */
import { EventEmitter, once, setMaxListeners } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK, freePort } from '../../../dev/stack/ports.ts';

/** With a limit, what may pass is let through in slices of this length, so that a changed limit soon counts. */
const SLICE_MS = 50;

/** What befell connections so far. */
export interface TcpCounts {
  accepted: number;
  cut: number;
  frozen: number;
  lost: number;
  /** Bytes that passed, both ways. */
  bytes: number;
}

/** One connection: the client's socket, ours to the server, and whether anything passes any more. */
interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly ended: AbortController;
  isLost: boolean;
}

export class TcpProxy {
  readonly port: number;
  readonly counts: TcpCounts = { accepted: 0, cut: 0, frozen: 0, lost: 0, bytes: 0 };
  readonly #usualPort: number;
  readonly #links = new Set<Link>();
  readonly #changes = new EventEmitter();
  #listener: Server | undefined;
  #upstreamPort: number;
  #isFrozen = false;
  #bytesPerSecond = Infinity;

  private constructor(listener: Server, port: number, upstreamPort: number) {
    this.#listener = listener;
    this.port = port;
    this.#usualPort = upstreamPort;
    this.#upstreamPort = upstreamPort;
    this.#changes.setMaxListeners(0);
    listener.on('connection', client => this.#accept(client));
  }

  /**
   * Listens on a free port of the loopback interface; one that no system gives to outgoing connections, so that it is
   * still free after `refuse`.
   */
  static async open(upstreamPort: number): Promise<TcpProxy> {
    const port = await freePort();
    return new TcpProxy(await listen(port), port, upstreamPort);
  }

  get connections(): number {
    return this.#links.size;
  }

  /** Everything passes as usual again; connections that were lost stay lost. */
  async pass(): Promise<void> {
    if (this.#upstreamPort !== this.#usualPort) this.lead(this.#usualPort);
    this.#isFrozen = false;
    this.#bytesPerSecond = Infinity;
    this.#changes.emit('change');
    if (this.#listener !== undefined) return;
    this.#listener = await listen(this.port);
    this.#listener.on('connection', client => this.#accept(client));
  }

  /** Nobody listens any more, and every connection is reset: as after the server's machine was restarted. */
  async refuse(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    this.cut();
    if (listener !== undefined) await new Promise(resolve => listener.close(resolve));
  }

  /** Resets every connection. */
  cut(): void {
    for (const link of this.#links) {
      this.counts.cut += 1;
      end(link);
    }
  }

  /** Nothing passes in either direction, on old and new connections, until `pass`: then all of it does. */
  freeze(): void {
    this.#isFrozen = true;
    this.counts.frozen += this.#links.size;
  }

  /** On the connections of now nothing ever passes again, and neither side is told. New ones work. */
  lose(): void {
    for (const link of this.#links) {
      this.counts.lost += 1;
      link.isLost = true;
    }
  }

  /** So much passes each way and no more. */
  limit(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
    this.#changes.emit('change');
  }

  /** Cuts every connection, and leads new ones to another server until `pass`. */
  lead(upstreamPort: number): void {
    this.#upstreamPort = upstreamPort;
    this.cut();
  }

  async close(): Promise<void> {
    await this.refuse();
  }

  #accept(client: Socket): void {
    this.counts.accepted += 1;
    const server = createConnection({ port: this.#upstreamPort, host: LOOPBACK, allowHalfOpen: true });
    const link: Link = { client, server, ended: new AbortController(), isLost: false };
    setMaxListeners(0, link.ended.signal);
    this.#links.add(link);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => end(link));
      socket.once('close', () => end(link));
    }
    link.ended.signal.addEventListener('abort', () => this.#links.delete(link), { once: true });
    // Whatever ends one direction before its time has ended the link.
    void this.#carry(client, server, link, { isFromClient: true }).catch(() => end(link));
    void this.#carry(server, client, link, { isFromClient: false }).catch(() => end(link));
  }

  async #carry(from: Socket, to: Socket, link: Link, { isFromClient }: { isFromClient: boolean }) {
    const { signal } = link.ended;
    for await (const chunk of from as AsyncIterable<Buffer>) {
      // A client that gives a lost connection up must still be seen to go, or its place would stay taken.
      if (link.isLost && isFromClient) continue;
      for (let at = 0; at < chunk.length;) {
        while (this.#isFrozen || link.isLost) await this.#untilChanged(signal);
        const rate = this.#bytesPerSecond;
        const slice = chunk.subarray(at, at + Math.max(1, Math.ceil((rate * SLICE_MS) / 1000)));
        at += slice.length;
        this.counts.bytes += slice.length;
        if (!to.write(slice)) await once(to, 'drain', { signal });
        if (rate !== Infinity) await sleep((slice.length / rate) * 1000, undefined, { signal });
      }
    }
    // None of our clients goes on reading after its own end; a server's end comes after all that it said.
    if (isFromClient) end(link);
    else to.end();
  }

  async #untilChanged(signal: AbortSignal): Promise<void> {
    await once(this.#changes, 'change', { signal });
  }
}

function end({ client, server, ended }: Link): void {
  if (ended.signal.aborted) return;
  ended.abort();
  for (const socket of [client, server]) {
    // A reset where the system can still send one: an orderly end would be another fault. After our own end it
    // cannot, and Node would keep the descriptor for ever.
    if (socket.readyState === 'opening' || socket.writableEnded) socket.destroy();
    else socket.resetAndDestroy();
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return server;
}
