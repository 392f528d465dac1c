/**
 * Everything that a process does besides S3 calls, without delay: it packs and unpacks within one turn of the event loop,
 * and does not pause between tries. Then a writer needs one turn between two S3 calls, and the schedule of S3 calls alone
 * decides what happens. For `vi.mock` of two modules of Node.
 */
import { Transform } from 'node:stream';
import type { setTimeout as sleep } from 'node:timers/promises';
import type * as zlib from 'node:zlib';

/** `node:zlib` with synchronous work. */
export function packing(original: typeof zlib): object {
  const gzip = (data: zlib.InputType, done: (error: null, packed: Buffer) => void): void =>
    done(null, original.gzipSync(data));
  // The product passes a body in one piece.
  const createGunzip = (): Transform =>
    new Transform({ transform: (packed: Buffer, _, done) => done(null, original.gunzipSync(packed)) });
  const createGzip = (): Transform => {
    const pieces: Buffer[] = [];
    return new Transform({
      transform: (piece: Buffer, _, done) => (pieces.push(piece), done()),
      flush: done => done(null, original.gzipSync(Buffer.concat(pieces))),
    });
  };
  return { ...original, gzip, createGunzip, createGzip };
}

/** `node:timers/promises` with pauses that end at once. */
export const pauses: { setTimeout: typeof sleep } = {
  async setTimeout(_ms, value, { signal } = {}) {
    await Promise.resolve();
    signal?.throwIfAborted();
    return value as never;
  },
};
