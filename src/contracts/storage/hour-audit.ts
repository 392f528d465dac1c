/**
 * What a rebuild of an hour found. Postgres keeps it in `gold.hours`, Parquet in the file's footer, and the rebuild
 * activity returns its counts. Field names, and in the footer their order, are serialised.
 */
import { isObject } from '../../core/json.ts';
import type { HourCounts } from '../../core/minute-counts.ts';

export interface AuditCounts {
  readonly parts: number;
  readonly events: number;
  /** Events of a counted type. */
  readonly edits: number;
  /** Edits, each revision once. */
  readonly distinct: number;
  /** Edits whose revision an earlier line or part already had. */
  readonly duplicates: number;
  /** Events sent after the watermark had passed the hour. */
  readonly late: number;
  readonly unusable: number;
}

/** The audit as gold stores it. */
export interface StoredAudit extends AuditCounts {
  readonly isSealed: boolean;
  /** Rows that the rebuild added, changed or removed, apart from what parts add that had not been applied yet. */
  readonly changedRows: number;
  /** Gaps of the stream that overlap the hour. */
  readonly gaps: number;
  /** The part of the hour in which the stream was read, epoch ms; absent when it was not read at all. */
  readonly covered?: readonly [fromMs: number, toMs: number];
  readonly rebuiltAtMs: number;
  /** Epoch seconds: rows of earlier minutes are an older project's and were kept; absent when there are none. */
  readonly keptBefore?: number;
}

const NUMBERS = [
  'parts',
  'events',
  'edits',
  'distinct',
  'duplicates',
  'late',
  'unusable',
  'changedRows',
  'gaps',
  'rebuiltAtMs',
] as const satisfies (keyof StoredAudit)[];

/** Whether a value that was read from an object is an audit. */
export function isStoredAudit(value: unknown): value is StoredAudit {
  if (!isObject(value) || typeof value['isSealed'] !== 'boolean') return false;
  const { covered, keptBefore } = value;
  const isRange = covered === undefined || (Array.isArray(covered) && covered.length === 2);
  const instants = [value['rebuiltAtMs'], ...(isRange ? ((covered ?? []) as unknown[]) : [])];
  return (
    isRange &&
    NUMBERS.every(name => isCount(value[name])) &&
    instants.every(ms => isCount(ms) && ms <= LATEST_MS) &&
    (keptBefore === undefined || (isCount(keptBefore) && keptBefore * 1000 <= LATEST_MS))
  );
}

/** The latest instant that a `Date` can hold. */
const LATEST_MS = 8.64e15;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** @param keys every part that was counted */
export function auditCounts(
  keys: readonly string[],
  { events, edits, distinct, late, unusable }: HourCounts,
): AuditCounts {
  return { parts: keys.length, events, edits, distinct, duplicates: edits - distinct, late, unusable };
}
