/** Reads whole objects, a few at a time and in order. A missing or damaged object is a result, not an exception. */
import { mapBounded } from '../core/map-bounded.ts';
import { DAY_MS } from '../core/time.ts';
import { PipelineError } from '../contracts/errors.ts';
import { joined, openPart } from '../bronze/parts.ts';
import { DEFAULT_RETENTION } from '../bronze/lifecycle.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { errorOf, noteOf } from './findings.ts';
import type { Finding } from './findings.ts';

/** Bounds memory: a flush is at most 32 MiB. */
const READ_AT_ONCE = 4;

/** Objects and their records expire this long after they are written. */
export const KEPT_MS = DEFAULT_RETENTION.bronzeDays * DAY_MS;

export type ReadObject =
  | { readonly kind: 'read'; readonly bytes: Buffer; readonly storedBytes: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Yields the objects of `items` in order. @throws PipelineError when the store does not respond */
export async function* readObjects<T extends { readonly key: string }>(
  store: ObjectStore,
  items: readonly T[],
): AsyncGenerator<readonly [item: T, object: ReadObject]> {
  for (let at = 0; at < items.length; at += READ_AT_ONCE) {
    const batch = items.slice(at, at + READ_AT_ONCE);
    const read = await mapBounded(batch, READ_AT_ONCE, ({ key }) => readObject(store, key));
    for (const [i, item] of batch.entries()) yield [item, read[i] ?? { kind: 'missing' }];
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

/** The finding for an object that is missing or damaged. @param record undefined when no record names it */
export function objectFinding(
  key: string,
  object: Exclude<ReadObject, { kind: 'read' }>,
  record: { readonly sequence: number; readonly atMs: number } | undefined,
  nowMs: number,
): Finding {
  const by = record === undefined ? '' : `, named by record ${record.sequence},`;
  if (object.kind === 'unreadable') {
    const advice = 'The object is damaged: restore it from an object version or a copy of the bucket.';
    return errorOf(['bronze', 'object_unreadable'], key, `${key}${by} cannot be read: ${object.why}`, advice);
  }
  if (record !== undefined && nowMs - record.atMs > KEPT_MS)
    return noteOf(['bronze', 'bronze_expired'], key, `${key}${by} has expired`);
  const advice =
    'It was deleted: restore it from an object version or a copy of the bucket. Without one, its events are lost to bronze; a backfill can recover the edits among them.';
  return errorOf(['bronze', 'object_missing'], key, `${key}${by} is not in the bucket`, advice);
}
