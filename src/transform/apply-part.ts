/**
 * ⑤⑥ One part into gold: read, count, add, in one transaction with the part's key. Idempotent per S3 key: however
 * often it runs, and on however many workers at once, a part counts once.
 */
import { Context } from '@temporalio/activity';
import { hourOfPartKey } from '../contracts/storage/object-keys.ts';
import { countMinutes } from '../core/minute-counts.ts';
import { PipelineError } from '../contracts/errors.ts';
import type { Hour } from '../core/time.ts';
import { openPart } from '../bronze/parts.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { toFailure } from '../activities/failure.ts';

/** @throws PipelineError `object_missing` when the key is not that of a part */
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

export interface TransformDeps {
  readonly store: ObjectStore;
  readonly gold: GoldWriter;
  readonly editTypes: ReadonlySet<string>;
}

export interface TransformPartInput {
  readonly key: string;
}

export interface TransformPartResult {
  /** False when the part had been applied before. */
  readonly applied: boolean;
  readonly events: number;
  readonly edits: number;
  /** Rows of (minute, wiki, bot flag) that it added to. */
  readonly rows: number;
  /** Lines of the part that are no usable event. */
  readonly unusable: number;
}

/** Counts a part's edits and adds them to gold, once. */
export async function transformPart(
  { key }: TransformPartInput,
  { store, gold, editTypes }: TransformDeps,
): Promise<TransformPartResult> {
  try {
    const { chunks, source } = await openPart(store, key);
    const { rows, events, edits, unusable } = await countMinutes(chunks, editTypes);
    Context.current().cancellationSignal.throwIfAborted();
    const applied = await gold.apply({ key, hour: hourOf(key), rows, source });
    return { applied, events, edits, rows: rows.length, unusable };
  } catch (error) {
    throw toFailure(error);
  }
}
