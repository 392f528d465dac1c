/** The parts of an hour that are there: those of the stream that a record names, and every part of a backfill. */
import { mapBounded } from '../core/map-bounded.ts';
import { flushOfKey, hourOfPartKey, hourPrefix } from '../core/ids.ts';
import type { Hour } from '../core/time.ts';
import { readRecord } from '../storage/commit-log.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { toFailure } from './failure.ts';

export interface ListPartsInput {
  readonly hour: Hour;
}

export interface ListPartsResult {
  readonly keys: readonly string[];
}

/** Lists an hour's parts, oldest first. */
export async function listParts(
  { hour }: ListPartsInput,
  { store }: { readonly store: ObjectStore },
): Promise<ListPartsResult> {
  try {
    const keys: string[] = [];
    for await (const page of store.list(hourPrefix(hour))) {
      keys.push(...page.filter(key => hourOfPartKey(key) === hour));
    }
    const isNamed = await mapBounded(keys, 16, key => isVisible(key, store));
    return { keys: keys.filter((_, at) => isNamed[at]) };
  } catch (error) {
    throw toFailure(error);
  }
}

async function isVisible(key: string, store: ObjectStore): Promise<boolean> {
  const flush = flushOfKey(key);
  if (flush === undefined) return true;
  const record = await readRecord(store, flush.sequence);
  return record?.kind === 'commit' && record.parts.some(part => part.key === key);
}
