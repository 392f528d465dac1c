/** What a Parquet file of gold says about itself, as JSON in its footer. Field names and their order are serialised. */
import type { HourTotals } from '../../core/series.ts';
import type { Hour } from '../../core/time.ts';
import type { StoredAudit } from './hour-audit.ts';
import type { Correction, HourEvidence } from './hour-evidence.ts';

/** Footer of an hour: its ledger and audit. */
export interface HourFooter {
  readonly version: 1;
  readonly hour: Hour;
  /** Names of the parts that the last rebuild counted. */
  readonly counted: readonly string[];
  /** Names of the parts that were added since. */
  readonly added: readonly string[];
  /** Absent until the hour's first rebuild. */
  readonly audit?: StoredAudit;
  /** What the last rebuild counted; absent in hours that earlier versions have rebuilt. */
  readonly evidence?: HourEvidence;
  /** The latest corrections, oldest first; absent when there were none. */
  readonly corrections?: readonly Correction[];
}

/** Footer of a finished day: which hours it was made from. */
export interface DayFooter {
  readonly version: 1;
  readonly day: string;
  /** ETag of each hour's object that the rows are from. */
  readonly hours: Readonly<Record<Hour, string>>;
  /** The newest minute of each wiki, epoch seconds. */
  readonly latest: Readonly<Record<string, number>>;
  /** Of each hour that was rebuilt. Absent in a day of an earlier version. */
  readonly rebuilt?: Readonly<Record<Hour, RebuiltInDay>>;
  /** What was read, by the hour in which it ends, where gold has all of it. Absent in a day of an earlier version. */
  readonly reads?: Readonly<Record<Hour, ReadsInDay>>;
  /** What each hour adds up to, all wikis together. Absent in a day of an earlier version. */
  readonly sums?: Readonly<Record<Hour, SumsInDay>>;
}

export type SumsInDay = Omit<HourTotals, 'hour'>;

export interface RebuiltInDay {
  readonly rebuiltAtMs: number;
  /** Whether parts were added after the rebuild. */
  readonly hasAddedSince: boolean;
}

/** The records of one object of `gold/records`. */
export interface ReadsInDay {
  /** ETag of that object. */
  readonly etag: string;
  /** ETag of each hour's object that has parts of theirs. */
  readonly parts: Readonly<Record<Hour, string>>;
  readonly records: readonly MergedRead[];
}

/** Records that follow each other, as one. */
export interface MergedRead {
  readonly sequence: number;
  readonly lastSequence: number;
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Absent: every wiki. */
  readonly wikis?: readonly string[];
}
