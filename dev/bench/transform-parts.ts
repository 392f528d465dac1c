/** Parts for the benchmarks of the transform: an hour of the simulated stream, as ingest writes it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { hourOf } from '../../src/core/time.ts';
import { streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { Universe } from '../simulator/universe.ts';

const compress = promisify(gzip);
const HOUR_SEC = 3_600;
const HOUR_START_SEC = Date.UTC(2026, 10, 20, 10) / 1000;
export const HOUR = hourOf(HOUR_START_SEC);

/** What the parts have together. */
export interface Parts {
  readonly keys: readonly string[];
  readonly events: number;
  readonly lineBytes: number;
  readonly storedBytes: number;
}

/** Writes the parts into a folder, each under its key with `_` for `/`. @param rate mean events a second */
export async function writeParts(folder: string, count: number, rate: number): Promise<Parts> {
  const universe = new Universe({ seed: 1, rate, retentionMs: Number.POSITIVE_INFINITY });
  const keys: string[] = [];
  let [events, lineBytes, storedBytes] = [0, 0, 0];
  const seconds = HOUR_SEC / count;
  for (let part = 0; part < count; part += 1) {
    const lines: string[] = [];
    const from = HOUR_START_SEC + part * seconds;
    for (let second = from; second < from + seconds; second += 1)
      for (const change of universe.changesIn(second))
        if (hourOf(change.timestamp) === HOUR) lines.push(universe.render(change));
    const bytes = Buffer.from(lines.map(line => `${line}\n`).join(''));
    const body = await compress(bytes);
    const key = streamPartKey(HOUR, part + 1, 'bench');
    await writeFile(join(folder, fileOf(key)), body);
    keys.push(key);
    events += lines.length;
    lineBytes += bytes.length;
    storedBytes += body.length;
  }
  return { keys, events, lineBytes, storedBytes };
}

/** The file of a part. */
export function fileOf(key: string): string {
  return key.replaceAll('/', '_');
}
