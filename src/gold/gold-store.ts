/**
 * The port of gold: counts per minute, wiki and bot flag. `postgres/` and `parquet/` implement it, `dual-write.ts`
 * combines two of them, and everything outside this folder knows only the ports here and in `snapshot.ts`. The folder
 * also holds the rules that both implementations share, the lock of replays, and the recording of gaps and coverage.
 *
 * Applying a part is idempotent by its S3 key.
 */
import type { StoredAudit } from '../contracts/storage/hour-audit.ts';
import type { HourContent } from '../contracts/storage/hour-evidence.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ReadName, StoredRead } from '../contracts/storage/stored-read.ts';
import type { Coverage } from '../core/backfill.ts';
import type { HourRebuilt } from '../core/coverage/known.ts';
import type { ReadRanges } from '../core/coverage/read-ranges.ts';
import type { Gap } from '../core/gaps.ts';
import type { HourCounts, MinuteRow } from '../core/minute-counts.ts';
import type { HourTotals, MinuteTotals } from '../core/series.ts';
import type { Hour } from '../core/time.ts';
import type { HourExpectation } from '../contracts/storage/hour-expectation.ts';
import type { RecordedAnomaly } from '../contracts/storage/recorded-anomaly.ts';
import type { AnomalyRange } from './anomalies.ts';
import type { HourReading } from './hour-record.ts';
import type { UnreadableObject } from './unreadable-objects.ts';

/** Edits of one wiki in one minute. */
export interface MinuteEdits {
  /** First epoch second of the UTC minute. */
  readonly minute: number;
  readonly human: number;
  readonly bot: number;
}

/** A wiki that has counts. */
export interface WikiActivity {
  readonly wiki: string;
  /** Edits in the range that was asked for. */
  readonly human: number;
  readonly bot: number;
  /** The newest minute with an edit, epoch seconds; it may lie outside the range. */
  readonly lastMinute: number;
}

export interface AppliedPart {
  readonly key: string;
  readonly hour: Hour;
  readonly rows: readonly MinuteRow[];
  readonly source: GoldSource;
}

/** An hour counted from all its parts, to replace what gold has of it. */
export interface RebuiltHour {
  readonly hour: Hour;
  /** Every part that was counted. */
  readonly keys: readonly string[];
  /** Parts among them that gold lacked when the counting began, each with the rows that applying it would add. */
  readonly pending?: readonly Pick<AppliedPart, 'key' | 'rows'>[];
  readonly counts: HourCounts;
  readonly sources: readonly GoldSource[];
  /** True when no more parts are expected. */
  readonly isSealed: boolean;
  /** The part of the hour in which the stream was read, epoch ms; undefined when it was not read at all. */
  readonly covered: readonly [fromMs: number, toMs: number] | undefined;
  /** Parts of an older project that gold counted and this rebuild did not: the rows of that project stay. */
  readonly uncountedForeign?: readonly string[];
  /**
   * Present when all lines of an older project in this hour were counted too, so that its rows are replaced: epoch seconds
   * of their end. Later rebuilds that do not count them keep the rows before.
   */
  readonly recountedTo?: number | undefined;
  /** What the parts held; absent when it is not known. */
  readonly content?: HourContent;
}

/**
 * An hour whose bronze is incomplete, with the rows that a backfill fetched for it. Which of them gold takes is decided
 * in `fill-plan.ts`.
 */
export interface FilledHour {
  readonly hour: Hour;
  /** Every part that was counted. */
  readonly keys: readonly string[];
  /** Rows of all counted parts; those of wikis other than `wikis` are ignored. */
  readonly rows: readonly MinuteRow[];
  /** Wikis that the backfill fetched. */
  readonly wikis: readonly string[];
  /** Whether the source counts edits exactly as the stream does. A dump does not: its edits need not be edits here. */
  readonly areRowsExact: boolean;
  readonly sources: readonly GoldSource[];
  /** When it was counted, ISO 8601; absent: now. */
  readonly at?: string;
}

/** The outcome of a rebuild. */
export type HourOutcome =
  | {
      readonly kind: 'replaced';
      /** Rows that differ from what gold had together with what its pending parts add. */
      readonly changedRows: number;
      /** How many of the pending parts gold still lacked, and the rows they add to; absent when there were none. */
      readonly pendingParts?: number;
      readonly pendingRows?: number;
      readonly gaps: number;
      /** Epoch seconds: rows of earlier minutes are an older project's and were kept; undefined when there are none. */
      readonly keptBefore?: number;
    }
  /** Gold has parts of the hour that were not counted: nothing was changed. */
  | { readonly kind: 'stale'; readonly uncounted: readonly string[] };

/** An hour that was rebuilt. */
export interface AuditedHour {
  readonly hour: Hour;
  /**
   * What the last rebuild found. With evidence, a rebuild that finds the same again leaves `changedRows` and the time of
   * the one before, so that both stores say the same.
   */
  readonly audit: StoredAudit;
  /** ISO 8601. */
  readonly rebuiltAt: string;
  /** Whether gold has evidence of it. */
  readonly hasDigests: boolean;
}

/** What an older project has left in gold. */
export interface OlderProject {
  /** First epoch second of the newest minute with a row; undefined without rows. */
  readonly lastMinute: number | undefined;
  /** How long ago it last counted a part, by the store's clock; undefined when unknown. */
  readonly quietMs: number | undefined;
}

/** An hour of gold: its rows, and the parts that they contain. */
export interface HourContents {
  readonly rows: readonly MinuteRow[];
  readonly keys: readonly string[];
}

export interface GoldReader {
  readonly kind: 'postgres' | 's3';
  /** Wikis that have counts, latest activity first. */
  wikis(limit: number): Promise<string[]>;
  /** Every wiki that has counts, by name, with its edits in the minutes [fromMinute, toMinute), epoch seconds. */
  activity(fromMinute: number, toMinute: number): Promise<WikiActivity[]>;
  /** Minutes of `wiki` with at least one edit, ascending, starting at `fromMinute` (epoch seconds, inclusive). */
  edits(wiki: string, fromMinute: number, stopSignal?: AbortSignal): Promise<MinuteEdits[]>;
  /**
   * Minutes with at least one edit in [fromMinute, toMinute), epoch seconds; ascending. Without a wiki, of all wikis
   * together. Once the signal aborts, the store stops working on it, and the call rejects with the signal's reason.
   */
  totals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<MinuteTotals[]>;
  /**
   * Hours within [fromMinute, toMinute), epoch seconds, whose minutes are summed up, ascending; without a wiki, of all wikis
   * together. Says what `totals` would, of the hours that are there: an hour without edits has zeros, while others have to
   * be read by their minutes. The signal as with `totals`.
   */
  hourTotals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<HourTotals[]>;
  /** The newest minute with an edit in any wiki, epoch seconds; undefined when there is none. */
  lastMinute(): Promise<number | undefined>;
  /** Gaps that end after `fromMinute` (epoch seconds), by start. */
  gaps(fromMinute: number): Promise<Gap[]>;
  /** Ranges filled by backfills that end after `fromMinute` (epoch seconds), adjoining ones as one, by start. */
  coverage(fromMinute: number): Promise<Coverage[]>;
  /**
   * What records tell of where the stream was read: ranges that end after `fromMinute` (epoch seconds) and begin before
   * `toMinute`, if there is one.
   */
  reads(fromMinute: number, toMinute?: number): Promise<ReadRanges>;
  /**
   * What the last rebuilds say of the hours that begin in [fromMinute, toMinute), epoch seconds; ascending. Without hours
   * that were never rebuilt.
   */
  rebuilt(fromMinute: number, toMinute: number): Promise<HourRebuilt[]>;
  /** Audits of the hours that begin in [fromMinute, toMinute), epoch seconds; the latest first, at most `limit`. */
  audits(fromMinute: number, toMinute: number, limit: number): Promise<AuditedHour[]>;
  /** What gold has of an hour: nothing is an hour without audit, parts and rows. */
  hourRecord(hour: Hour): Promise<HourReading>;
  /** Epoch seconds: rows of earlier minutes may have been dropped; undefined when gold keeps all. */
  keptFrom(): Promise<number | undefined>;
  /** What an hour has at this instant. */
  contents(hour: Hour): Promise<HourContents>;
  /** A name for what each hour has; another one as soon as that changes. */
  versions(hours: readonly Hour[]): Promise<string[]>;
  /**
   * Says that all changes by the stream are known at this moment, and whether there are new ones: until the next call, or for
   * some seconds, nothing has to be looked for. Absent where looking costs nothing.
   */
  told?(hasChanged: boolean): void;
  /** Anomalies that touch a range, by start; those that began more than two days before it are left out. */
  anomalies(range: AnomalyRange): Promise<RecordedAnomaly[]>;
  /** How hours that begin in [fromMinute, toMinute), epoch seconds, compare with what is usual; ascending. */
  expectations(fromMinute: number, toMinute: number): Promise<HourExpectation[]>;
  /** Every stream that rows came from. */
  sources(): Promise<GoldSource[]>;
  /** Objects that reads have skipped because they cannot be read, and that still lie there; absent where rows are in tables. */
  unreadable?(): readonly UnreadableObject[];
  /** Rejects when the store does not respond. */
  ping(): Promise<void>;
}

export interface GoldWriter {
  /** Adds a part's counts once. Returns false, and changes nothing, if its key was applied before. */
  apply(part: AppliedPart): Promise<boolean>;
  /** Those of `keys` that have not been applied. */
  unapplied(keys: readonly string[]): Promise<string[]>;
  /** Those of `hours` that have not been sealed. */
  unsealed(hours: readonly Hour[]): Promise<Hour[]>;
  /** The latest hour that a part of the stream was applied to, whether or not bronze still has the part. */
  lastStreamHour(): Promise<Hour | undefined>;
  /**
   * Parts of an older project in the ledger, with keys of these hours. Gold in S3 knows only those that were recounted, and
   * does not look for them in other hours than the one that is replaced.
   */
  appliedForeign(from: Hour, to: Hour): Promise<string[]>;
  /** What an older project has left; undefined when there is nothing. Rows of later minutes than `nowMs` are ignored. */
  olderProject(nowMs: number): Promise<OlderProject | undefined>;
  /** Replaces an hour in one transaction. A concurrent `apply` takes effect either before or after it. */
  replaceHour(rebuilt: RebuiltHour): Promise<HourOutcome>;
  /** Adds rows of a backfill where gold lacks the stream's. Returns the number of changed rows. */
  fillHour(filled: FilledHour): Promise<number>;
  /** Records a gap; recording it again changes nothing. */
  recordGap(gap: Gap): Promise<void>;
  /** Records a range that a backfill has filled; recording it again changes nothing. */
  recordCoverage(coverage: Coverage): Promise<void>;
  /** Records what the commit log says of how far the stream was read; recording it again changes nothing. */
  recordReads(reads: readonly StoredRead[]): Promise<void>;
  /** Records anomalies, each id once a call: what the latest look says of one replaces what an earlier one did. */
  recordAnomalies(anomalies: readonly RecordedAnomaly[]): Promise<void>;
  /** Records how hours compare with what is usual, each hour once a call: what is said later replaces what was said before. */
  recordExpectations(expectations: readonly HourExpectation[]): Promise<void>;
  /** The record whose range ends last; undefined when there is none. */
  lastRead(): Promise<ReadName | undefined>;
  /**
   * Sums up some of the hours whose sums are missing or out of date. Returns how many, or 0 when all are summed up that can
   * be. Ends early, after any hour, once the signal aborts.
   */
  rollUp(stopSignal: AbortSignal): Promise<number>;
  /** Creates whatever the store needs and does not have yet. */
  prepare(): Promise<void>;
}

/** The outcome of writing a finished day as one object. */
export interface CompactedDay {
  /** ISO date. */
  readonly day: string;
  /** Hours of the day that gold has. */
  readonly hours: number;
  readonly rows: number;
  /** Size of the object. */
  readonly bytes: number;
  /** False when the object was already made from the current hours. */
  readonly isChanged: boolean;
}

/** A second dataset, of finished days, that a store keeps for long ranges. */
export interface GoldDays {
  /** Finished days (ISO dates) whose object is missing, or older than one of their hours. */
  stale(nowMs: number): Promise<string[]>;
  /** Writes a day's object from its hours, unless it is already made from their current versions. */
  compact(day: string): Promise<CompactedDay>;
}

export interface GoldStore extends GoldReader, GoldWriter {
  /** Undefined when long ranges need no dataset of their own. */
  readonly days: GoldDays | undefined;
  close(): Promise<void>;
}
