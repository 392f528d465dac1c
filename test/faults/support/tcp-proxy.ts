/**
 * A TCP proxy that plays the network between a process and a server: it can refuse, cut, freeze, slow down, and silently
 * lose connections. It does not look at the data.
 */
import { EventEmitter, once, setMaxListeners } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK, freePort } from '../../../dev/stack/ports.ts';

/** A limited connection passes data in slices of this length, so that a new limit soon takes effect. */
const SLICE_MS = 50;

/** What has happened to connections so far. */
export interface TcpCounts {
  accepted: number;
  cut: number;
  frozen: number;
  lost: number;
  /** Bytes passed, in both directions. */
  bytes: number;
}

/** One connection: the client's socket and ours to the server. */
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

  /** Everything passes again; lost connections stay lost. */
  async pass(): Promise<void> {
    if (this.#upstreamPort !== this.#usualPort) this.lead(this.#usualPort);
    this.#isFrozen = false;
    this.#bytesPerSecond = Infinity;
    this.#changes.emit('change');
    if (this.#listener !== undefined) return;
    this.#listener = await listen(this.port);
    this.#listener.on('connection', client => this.#accept(client));
  }

  /** Closes the port and resets every connection, as when the server's machine restarts. */
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

  /** Holds all data, on old and new connections, until `pass`. */
  freeze(): void {
    this.#isFrozen = true;
    this.counts.frozen += this.#links.size;
  }

  /** Passes nothing more on the present connections, without closing them. New ones work. */
  lose(): void {
    for (const link of this.#links) {
      this.counts.lost += 1;
      link.isLost = true;
    }
  }

  /** Limits each direction. */
  limit(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
    this.#changes.emit('change');
  }

  /** Cuts every connection, and sends new ones to another server until `pass`. */
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
    // An error in one direction has already ended the link.
    void this.#carry(client, server, link, { isFromClient: true }).catch(() => end(link));
    void this.#carry(server, client, link, { isFromClient: false }).catch(() => end(link));
  }

  async #carry(from: Socket, to: Socket, link: Link, { isFromClient }: { isFromClient: boolean }) {
    const { signal } = link.ended;
    for await (const chunk of from as AsyncIterable<Buffer>) {
      // Notice when the client gives up a lost connection; otherwise it would be counted for ever.
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
    // No client of ours reads after its own end, and a server ends after its last data.
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
    // Reset if possible, because an orderly end would be another fault. After our own end it is impossible, and Node
    // would keep the descriptor for ever.
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
