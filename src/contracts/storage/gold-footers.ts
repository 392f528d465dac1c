/** What a Parquet file of gold says about itself, as JSON in its footer. Field names and their order are serialised. */
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
}
