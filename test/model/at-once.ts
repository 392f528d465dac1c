/**
 * What a process does beside S3, in no time: packing and unpacking in the same turn, pauses between tries not at
 * all. Between two S3 calls a writer then needs one turn of the event loop, and a schedule of S3 calls is all that
 * decides what happens. For `vi.mock` of the two modules of Node.
 */
import { Transform } from 'node:stream';
import type { setTimeout as sleep } from 'node:timers/promises';
import type * as zlib from 'node:zlib';

/** `node:zlib`, of which what takes its time does not. */
export function packing(original: typeof zlib): object {
  const gzip = (data: zlib.InputType, done: (error: null, packed: Buffer) => void): void =>
    done(null, original.gzipSync(data));
  // The product hands a body over in one piece.
  const createGunzip = (): Transform =>
    new Transform({ transform: (packed: Buffer, _, done) => done(null, original.gunzipSync(packed)) });
  return { ...original, gzip, createGunzip };
}

/** `node:timers/promises`, with pauses that are over at once. */
export const pauses: { setTimeout: typeof sleep } = {
  async setTimeout(_ms, value, { signal } = {}) {
    await Promise.resolve();
    signal?.throwIfAborted();
    return value as never;
  },
};
