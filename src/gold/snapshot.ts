/** The port that `verify` reads gold through: everything about an hour at one instant. */
import type { StoredAudit } from '../contracts/storage/hour-audit.ts';
import type { Correction, HourEvidence } from '../contracts/storage/hour-evidence.ts';
import type { MinuteRow } from '../core/minute-counts.ts';
import type { HourTotals } from '../core/series.ts';
import type { Hour } from '../core/time.ts';

/** What `verify` checks of the last rebuild's audit. */
export type SnapshotAudit = Pick<
  StoredAudit,
  'isSealed' | 'parts' | 'events' | 'edits' | 'distinct' | 'duplicates' | 'unusable' | 'rebuiltAtMs'
> & {
  /** Epoch seconds: rows of earlier minutes are an older project's. */
  readonly keptBefore?: number | null;
};

/** An applied part. */
export interface LedgerEntry {
  readonly key: string;
  /** Applied after the hour's last rebuild had begun; false for an hour that was never rebuilt. */
  readonly isAfter: boolean;
}

/** What an hour is summed up to. */
export interface HourSums {
  /** Of all wikis together. */
  readonly all: HourTotals;
  /** Of each wiki with edits. */
  readonly wikis: ReadonlyMap<string, HourTotals>;
}

/** An hour as the object of its day has it. */
export interface HourInDay {
  readonly key: string;
  readonly rows: readonly MinuteRow[];
  /** All wikis together; undefined in an object of an earlier version. */
  readonly sums: HourTotals | undefined;
}

export interface HourSnapshot {
  /** In the order of gold's primary key. */
  readonly rows: readonly MinuteRow[];
  readonly ledger: readonly LedgerEntry[];
  /** Undefined until the hour's first rebuild. */
  readonly audit: SnapshotAudit | undefined;
  /** Undefined for an hour that a version has counted that left none. */
  readonly evidence?: HourEvidence | undefined;
  /** The latest ones, oldest first. */
  readonly corrections?: readonly Correction[];
  /** Where charts by the hour and the day are drawn from; undefined where they read the rows. */
  readonly sums?: HourSums | undefined;
  /** What stands in for the hour where long ranges are read; undefined where nothing does. */
  readonly ofDay?: HourInDay | undefined;
  /** Epoch seconds: rows of earlier minutes are an older project's; undefined without a handover. */
  readonly handoverEnd?: number | undefined;
  /** Epoch seconds: rows of earlier minutes may have been dropped; undefined when gold keeps all. */
  readonly keptFrom?: number | undefined;
}

/** An object of gold that readers do without. */
export interface OddObject {
  readonly key: string;
  /** `damaged`: something is missing without it. `unused`: it lies where nothing is read. */
  readonly kind: 'damaged' | 'unused';
  readonly problem: string;
}

export interface GoldSnapshots {
  /** @throws PipelineError `object_unreadable` when what gold has of the hour is damaged */
  hour(hour: Hour): Promise<HourSnapshot>;
  /**
   * Objects that readers skip: by their content those of days that overlap [fromMs, toMs) and all that is beside the
   * rows, by their names all there are. Absent where nothing is stored as objects.
   */
  odd?(fromMs: number, toMs: number, nowMs: number): Promise<readonly OddObject[]>;
  /** Messages known to be missing by their offsets in [fromMs, toMs), by topic; '' for an unknown topic. */
  missingOffsets(fromMs: number, toMs: number): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}
