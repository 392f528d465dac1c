/** Port of what `verify` asks gold: all that it has of an hour as it was at one instant. */
import type { MinuteRow } from '../core/minute-counts.ts';
import type { Hour } from '../core/time.ts';

/** What the last rebuild of an hour found. */
export interface SnapshotAudit {
  readonly isSealed: boolean;
  readonly parts: number;
  readonly events: number;
  readonly edits: number;
  readonly distinct: number;
  readonly duplicates: number;
  readonly unusable: number;
  readonly rebuiltAtMs: number;
}

/** An applied part. */
export interface LedgerEntry {
  readonly key: string;
  /** Applied after the hour's last rebuild had begun; false where the hour was never rebuilt. */
  readonly isAfter: boolean;
}

export interface HourSnapshot {
  /** In the order of gold's primary key. */
  readonly rows: readonly MinuteRow[];
  readonly ledger: readonly LedgerEntry[];
  /** Undefined while the hour was never rebuilt. */
  readonly audit: SnapshotAudit | undefined;
}

export interface GoldSnapshots {
  hour(hour: Hour): Promise<HourSnapshot>;
  /** Messages known to be missing by their offsets, by topic, in a stretch of time; '' where the topic is not known. */
  missingOffsets(fromMs: number, toMs: number): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}
