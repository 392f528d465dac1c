/**
 * Port of gold: per-minute counts. `gold-postgres.ts` and `gold-s3.ts` implement it; API and activities know only this
 * file. Applying a part is idempotent by its S3 key.
 */
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { Coverage } from '../core/backfill.ts';
import type { Gap } from '../core/gaps.ts';
import type { HourCounts, MinuteRow } from '../core/minute-counts.ts';
import type { Hour } from '../core/time.ts';

/** Edits of one wiki in one minute. */
export interface MinuteEdits {
  /** First epoch second of the UTC minute. */
  readonly minute: number;
  readonly human: number;
  readonly bot: number;
}

export interface AppliedPart {
  readonly key: string;
  readonly hour: Hour;
  readonly rows: readonly MinuteRow[];
  readonly source: GoldSource;
}

/** An hour as counted from all its parts, to take the place of what gold has of it. */
export interface RebuiltHour {
  readonly hour: Hour;
  /** Every part that was counted. */
  readonly keys: readonly string[];
  readonly counts: HourCounts;
  readonly sources: readonly GoldSource[];
  /** True when no more parts are expected. */
  readonly isSealed: boolean;
  /** The stretch of the hour in which the stream was read, epoch ms; undefined when it was not. */
  readonly covered: readonly [fromMs: number, toMs: number] | undefined;
}

/**
 * An hour of which bronze no longer has all that was counted, and of which a backfill brought some: its rows take the
 * place of what is there where the stream was not read. Elsewhere gold knows better, but for minutes of a wiki that it
 * has nothing of.
 */
export interface FilledHour {
  readonly hour: Hour;
  /** Every part that was counted. */
  readonly keys: readonly string[];
  /** Rows of all counted parts; those of other wikis than `wikis` are of no use. */
  readonly rows: readonly MinuteRow[];
  /** Wikis that the backfill brought. */
  readonly wikis: readonly string[];
  /** Whether a row that gold lacks is one that was lost: what a dump counts as an edit need not be one. */
  readonly areRowsExact: boolean;
  readonly sources: readonly GoldSource[];
}

/** What came of a rebuild. */
export type HourOutcome =
  | { readonly kind: 'replaced'; readonly changedRows: number; readonly gaps: number }
  /** Gold has parts of the hour that were not counted: nothing was changed. */
  | { readonly kind: 'stale'; readonly uncounted: readonly string[] };

export interface GoldReader {
  readonly kind: 'postgres' | 's3';
  /** Wikis that have counts, latest activity first. */
  wikis(limit: number): Promise<string[]>;
  /** Minutes of `wiki` with at least one edit, ascending, from `fromMinute` (epoch seconds, inclusive) on. */
  edits(wiki: string, fromMinute: number): Promise<MinuteEdits[]>;
  /** The newest minute that any wiki has an edit in, epoch seconds; undefined while there is none. */
  lastMinute(): Promise<number | undefined>;
  /** Gaps that reach into the time from `fromMinute` (epoch seconds) on, by time. */
  gaps(fromMinute: number): Promise<Gap[]>;
  /** What backfills have brought that reaches into the time from `fromMinute` (epoch seconds) on, by time. */
  coverage(fromMinute: number): Promise<Coverage[]>;
  /** Every stream that brought rows. */
  sources(): Promise<GoldSource[]>;
  /** Rejects when the store does not answer. */
  ping(): Promise<void>;
}

export interface GoldWriter {
  /** Adds a part's counts once. Answers false when the key had been applied before: nothing changes then. */
  apply(part: AppliedPart): Promise<boolean>;
  /** Those of `keys` that have not been applied. */
  unapplied(keys: readonly string[]): Promise<string[]>;
  /** Those of `hours` that have not been sealed. */
  unsealed(hours: readonly Hour[]): Promise<Hour[]>;
  /** The last hour that a part of the stream was applied to, whether bronze still has it or not. */
  lastStreamHour(): Promise<Hour | undefined>;
  /** Puts an hour in the place of what is there, in one transaction; beside it, parts are applied before or after. */
  replaceHour(rebuilt: RebuiltHour): Promise<HourOutcome>;
  /** Records a gap; once more changes nothing. */
  recordGap(gap: Gap): Promise<void>;
  /** Puts what a backfill brought where the stream was not read; answers how many rows that changed. */
  fillHour(filled: FilledHour): Promise<number>;
  /** Records what a backfill has brought; once more changes nothing. */
  recordCoverage(coverage: Coverage): Promise<void>;
  /** Makes what the store needs where it is missing. */
  prepare(): Promise<void>;
}

/** What came of writing a finished day as one object. */
export interface CompactedDay {
  /** ISO date. */
  readonly day: string;
  /** Hours that gold has of it. */
  readonly hours: number;
  readonly rows: number;
  /** Size of the object. */
  readonly bytes: number;
  /** False when the object was made of the present hours already. */
  readonly isChanged: boolean;
}

/** A second dataset, of days, that a store keeps for long ranges. */
export interface GoldDays {
  /** Finished days (ISO dates) whose object is missing, or older than one of their hours. */
  stale(nowMs: number): Promise<string[]>;
  /** Writes a day's object anew from its hours, unless it has their present state. */
  compact(day: string): Promise<CompactedDay>;
}

export interface GoldStore extends GoldReader, GoldWriter {
  /** Undefined where long ranges need no dataset of their own. */
  readonly days: GoldDays | undefined;
  close(): Promise<void>;
}
