/** Reads stored objects whole, a few at a time and in order; what cannot be read is an answer, not a failure. */
import { mapBounded } from '../core/map-bounded.ts';
import { DAY_MS } from '../core/time.ts';
import { PipelineError } from '../contracts/errors.ts';
import { joined, openPart } from '../bronze/parts.ts';
import { DEFAULT_RETENTION } from '../bronze/lifecycle.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';

/** A flush ends at 32 MiB, so this bounds the memory. */
const READ_AT_ONCE = 4;

/** Objects and their records are deleted this long after they were written. */
export const KEPT_MS = DEFAULT_RETENTION.bronzeDays * DAY_MS;

export type ReadObject =
  | { readonly kind: 'read'; readonly bytes: Buffer; readonly storedBytes: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** The objects of `items` in their order. @throws PipelineError when the store does not answer */
export async function* readObjects<T extends { readonly key: string }>(
  store: ObjectStore,
  items: readonly T[],
): AsyncGenerator<readonly [item: T, object: ReadObject]> {
  for (let at = 0; at < items.length; at += READ_AT_ONCE) {
    const some = items.slice(at, at + READ_AT_ONCE);
    const read = await mapBounded(some, READ_AT_ONCE, ({ key }) => readObject(store, key));
    for (const [i, item] of some.entries()) yield [item, read[i] ?? { kind: 'missing' }];
  }
}

async function readObject(store: ObjectStore, key: string): Promise<ReadObject> {
  try {
    const { chunks, storedBytes } = await openPart(store, key);
    return { kind: 'read', bytes: await joined(chunks), storedBytes };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (error.code === 'object_missing') return { kind: 'missing' };
    if (error.code === 'object_unreadable') return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

/** An object that should be there and is not, or is no gzip. `record` undefined: no record names it. */
export function objectFinding(
  key: string,
  object: Exclude<ReadObject, { kind: 'read' }>,
  record: { readonly sequence: number; readonly atMs: number } | undefined,
  nowMs: number,
): Finding {
  const by = record === undefined ? '' : `, named by record ${record.sequence},`;
  if (object.kind === 'unreadable') {
    const advice = 'The object is damaged: restore it from a version or a copy of the bucket.';
    return errorOf(['bronze', 'object_unreadable'], key, `${key}${by} cannot be read: ${object.why}`, advice);
  }
  if (record !== undefined && nowMs - record.atMs > KEPT_MS)
    return noteOf(['bronze', 'bronze_expired'], key, `${key}${by} has expired`);
  const advice =
    'It was deleted: restore it from a version or a copy of the bucket. Without one its events are lost to bronze, and a backfill can bring the edits among them again.';
  return errorOf(['bronze', 'object_missing'], key, `${key}${by} is not in the bucket`, advice);
}
