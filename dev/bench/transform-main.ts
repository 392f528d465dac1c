/**
 * Does one kind of work on all parts in a folder, in a process of its own: `transform-main.js WORK FOLDER KEY…`. Prints what
 * it took as JSON. All parts are read once before, so that the code is compiled, as it is in a worker.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openPart } from '../../src/bronze/parts.ts';
import { countMinutes } from '../../src/core/minute-counts.ts';
import { recentChange } from '../../src/recentchange/definition.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { countHourParts } from '../../src/transform/count-hour-parts.ts';
import { HOUR, fileOf } from './transform-parts.ts';

const [work = '', folder = '', ...keys] = process.argv.slice(2);
const definition = recentChange();
const bodies = new Map(keys.map(key => [key, readFileSync(join(folder, fileOf(key)))]));

const store: Pick<ObjectStore, 'get'> = {
  get: key => {
    const body = bodies.get(key);
    return Promise.resolve(body && { body, metadata: {} });
  },
};

/** Edits and bytes of lines, so that nothing can be left out. */
type Found = Readonly<Record<string, number>>;

const WORKS: Readonly<Record<string, (keys: readonly string[]) => Promise<Found>>> = {
  async gunzip(of) {
    let bytes = 0;
    for (const key of of)
      for await (const chunk of (await openPart(store as ObjectStore, key)).chunks) bytes += chunk.length;
    return { bytes };
  },
  async 'gunzip-at-once'(of) {
    let bytes = 0;
    for (const key of of) {
      const body = bodies.get(key) ?? Buffer.alloc(0);
      // The last four bytes are the size: one chunk for all of it is the fastest way.
      const chunkSize = body.readUInt32LE(body.length - 4) + 64;
      bytes += gunzipSync(body, { chunkSize }).length;
    }
    return Promise.resolve({ bytes });
  },
  count: of => count(of, definition),
  judge: of => count(of, { judge: definition.judge, newFold: definition.newFold }),
  async rebuild(of) {
    const { counts, content } = await countHourParts(
      { keys: of },
      {
        hour: HOUR,
        store: store as ObjectStore,
        definition,
        lateAfterMs: Number.POSITIVE_INFINITY,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      },
    );
    return { edits: counts.edits, bytes: content.parts.reduce((sum, part) => sum + part.bytes, 0) };
  },
};

async function count(of: readonly string[], counting: Parameters<typeof countMinutes>[1]): Promise<Found> {
  let edits = 0;
  for (const key of of)
    edits += (await countMinutes((await openPart(store as ObjectStore, key)).chunks, counting)).edits;
  return { edits };
}

const run = WORKS[work];
if (run === undefined) throw new Error(`${work} is not one of ${Object.keys(WORKS).join(', ')}`);
await run(keys);
const before = process.cpuUsage();
const startMs = performance.now();
const found = await run(keys);
const ms = performance.now() - startMs;
const { user, system } = process.cpuUsage(before);
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, peakMb, ...found }));
