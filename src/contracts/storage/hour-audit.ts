/**
 * What a rebuild of an hour found. Postgres keeps it in `gold.hours`, Parquet in the file's footer, and the rebuild
 * activity returns its counts. Field names, and in the footer their order, are serialised.
 */
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

/** @param keys every part that was counted */
export function auditCounts(
  keys: readonly string[],
  { events, edits, distinct, late, unusable }: HourCounts,
): AuditCounts {
  return { parts: keys.length, events, edits, distinct, duplicates: edits - distinct, late, unusable };
}
