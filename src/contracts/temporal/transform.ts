/** Inputs, results and heartbeats of the activities that count parts and rebuild hours. */
import type { AuditCounts } from '../storage/hour-audit.ts';
import type { Hour } from '../../core/time.ts';

export interface TransformPartInput {
  readonly key: string;
}

export interface TransformPartResult {
  /** False when the part had been applied before. */
  readonly applied: boolean;
  readonly events: number;
  readonly edits: number;
  /** Rows of (minute, wiki, bot flag) that the part added to. */
  readonly rows: number;
  /** Lines of the part that are not usable events. */
  readonly unusable: number;
}

/** Details of a heartbeat of `transformPart`. A server that is frozen shows here long before the attempt fails. */
export interface PartProgress {
  /** `storage` is S3. */
  readonly waitingFor: 'storage' | 'gold';
  /** ISO 8601. */
  readonly since: string;
}

export interface RebuildHourInput {
  readonly hour: Hour;
  /** True when the watermark has passed the hour. */
  readonly isSealed: boolean;
  /** Present when lines of an older project are to be counted too; only when that was asked for. */
  readonly recount?: Recount;
}

/** Whether the parts of earlier hours that may reach into this one have been added to the index. */
export type Recount = 'indexed' | 'indexFirst';

/** Details of a heartbeat of `rebuildHour`. */
export interface RebuildProgress {
  /** Parts read so far; of 0 while they are being listed. Once all are read, it waits for gold. */
  readonly read: number;
  readonly of: number;
  /** When it got that far, ISO 8601; absent from workers of older versions. */
  readonly since?: string;
}

/** What a rebuild found; also kept in `gold.hours`. */
export interface HourAudit extends AuditCounts {
  readonly hour: Hour;
  readonly rows: number;
  /** Rows of gold that were wrong, missing or superfluous. What `pendingParts` add is not among them. */
  readonly changedRows: number;
  /** Parts of the stream that had not been added to gold yet when the rebuild replaced it; absent when there were none. */
  readonly pendingParts?: number;
  /** Rows that those parts add to. */
  readonly pendingRows?: number;
  /** Gaps of the stream that overlap the hour. */
  readonly gaps: number;
  /** True when counted parts have been deleted from bronze: only rows of a backfill were written. */
  readonly isPartial?: true;
  /** ISO 8601: rows of earlier minutes are an older project's and stayed as they were, except where a backfill has loaded them. */
  readonly keptBefore?: string;
  /** Parts of that project in the ledger that were not counted. */
  readonly keptParts?: number;
  /** Parts of that project whose lines of this hour were counted too. */
  readonly foreignParts?: number;
  /** The range in which the stream was read, ISO 8601. */
  readonly covered?: readonly [from: string, to: string];
}

export interface ListHoursInput {
  /** ISO 8601; hours that begin in [from, to). */
  readonly from: string;
  readonly to: string;
}

export interface ListHoursResult {
  readonly hours: readonly Hour[];
}

/** Text: what one rebuild or several have changed in gold. */
export function changesText({
  changedRows,
  pendingParts,
  pendingRows = 0,
}: Pick<HourAudit, 'changedRows' | 'pendingParts' | 'pendingRows'>): string {
  const changed = `${changedRows} rows changed`;
  return pendingParts === undefined
    ? changed
    : `${changed}, ${pendingRows} rows from ${pendingParts} parts that gold did not have yet`;
}
