/**
 * The transform engine (⑤⑥): counts parts of bronze into gold. This file adds one part, `rebuild-hour.ts` replaces
 * the rows of an hour; nothing in this folder knows Temporal.
 *
 * Reads and counts a part, then adds its rows and its S3 key to gold in one transaction. Idempotent by the key: a part
 * counts once when several workers apply it concurrently.
 */
import { openPart } from '../bronze/parts.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { PipelineError } from '../contracts/errors.ts';
import { hourOfPartKey, isForeignKey } from '../contracts/storage/object-keys.ts';
import type { PartProgress, TransformPartResult } from '../contracts/temporal/transform.ts';
import { countMinutes } from '../core/minute-counts.ts';
import type { Hour } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import type { ObjectStore } from '../store/object-store.ts';

export interface ApplyDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'apply'>;
  readonly definition: StreamDefinition;
}

/**
 * Counts a part's edits and adds them to gold, once. A part of another program is read but never added.
 * @param onWait called with what is waited for next
 * @throws PipelineError `object_missing`, `object_unreadable`, or what gold throws; `signal.reason` when it aborts
 */
export async function applyPart(
  key: string,
  { store, gold, definition }: ApplyDeps,
  signal: AbortSignal,
  onWait: (waitingFor: PartProgress['waitingFor']) => void = () => undefined,
): Promise<TransformPartResult> {
  onWait('storage');
  const { chunks, source } = await openPart(store, key);
  const { rows, events, edits, unusable } = await countMinutes(chunks, definition);
  signal.throwIfAborted();
  // Another program may have counted its part, here or elsewhere, and the part reaches over its hour.
  if (isForeignKey(key)) return { applied: false, events, edits, rows: 0, unusable };
  onWait('gold');
  const applied = await gold.apply({ key, hour: hourOf(key), rows, source });
  return { applied, events, edits, rows: rows.length, unusable };
}

function hourOf(key: string): Hour {
  const hour = hourOfPartKey(key);
  if (hour !== undefined) return hour;
  throw new PipelineError(`${key} is not the key of a part`, {
    code: 'object_missing',
    op: 'read part',
    subject: key,
    retryable: false,
    hint: 'A key looks like bronze/yyyy=2026/mm=11/dd=20/hh=10/part-….ndjson.gz',
  });
}
