/**
 * The parts of an hour that count: parts of the stream named by a record, and all parts from backfills and replayed
 * dead letters. Any other object under the hour's prefix was left by a crash, is about to be committed, or was written
 * by another program.
 */
import {
  flushOfKey,
  hourOfPartKey,
  hourPrefix,
  isForeignKey,
  partRank,
} from '../contracts/storage/object-keys.ts';
import type { LogKeys } from '../contracts/storage/object-keys.ts';
import type { LogRecord } from '../contracts/storage/log-record.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { DAY_MS, hourStartMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { readRecord } from './commit-log.ts';
import { listKeys } from '../store/list-keys.ts';
import type { ObjectStore } from '../store/object-store.ts';

export interface HourParts {
  /** By priority: those of the stream first, in the order of the log. */
  readonly keys: readonly string[];
  /** When reading of their stream first started, epoch ms; undefined without parts of the stream. */
  readonly readFromMs: number | undefined;
}

const PARALLEL_READS = 16;

/** Lists the parts of an hour. @throws PipelineError when the store is unavailable */
export async function partsOfHour(store: ObjectStore, logKeys: LogKeys, hour: Hour): Promise<HourParts> {
  const listed = await listKeys(store, hourPrefix(hour));
  const found = listed.filter(key => hourOfPartKey(key) === hour && !isForeignKey(key));
  const sequences = [...new Set(found.flatMap(key => flushOfKey(key)?.sequence ?? []))];
  const read = await mapBounded(sequences, PARALLEL_READS, sequence => readRecord(store, logKeys, sequence));
  const records = new Map(read.flatMap(record => (record === undefined ? [] : [[record.sequence, record]])));
  const keys = found.filter(key => {
    const flush = flushOfKey(key);
    return flush === undefined || names(records.get(flush.sequence), key);
  });
  const starts = [...records.values()].flatMap(record => record.cursor.startMs ?? []);
  return {
    keys: keys.sort((a, b) => partRank(a) - partRank(b) || (a < b ? -1 : 1)),
    readFromMs: starts.length === 0 ? undefined : Math.min(...starts),
  };
}

/** Hours with objects under their prefix, among those that start in [fromMs, toMs). */
export async function hoursWithParts(store: ObjectStore, fromMs: number, toMs: number): Promise<Hour[]> {
  const hours: Hour[] = [];
  for (const day of daysIn(fromMs, toMs)) {
    // bronze/yyyy=2026/mm=11/dd=20/hh=10/
    const folders = await store.folders(hourPrefix(`${day}T00`).slice(0, -'hh=00/'.length));
    for (const folder of folders) {
      const hour = `${day}T${folder.slice('hh='.length, -1)}`;
      const startMs = hourStartMs(hour);
      if (startMs !== undefined && startMs >= fromMs && startMs < toMs) hours.push(hour);
    }
  }
  return hours;
}

function* daysIn(fromMs: number, toMs: number): Generator<string> {
  for (let ms = Math.floor(fromMs / DAY_MS) * DAY_MS; ms < toMs; ms += DAY_MS)
    yield new Date(ms).toISOString().slice(0, 10);
}

function names(record: LogRecord | undefined, key: string): boolean {
  return record?.kind === 'commit' && record.parts.some(part => part.key === key);
}
