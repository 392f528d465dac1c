/**
 * Port of gold: per-minute counts. `gold-postgres.ts` implements it; API and activities know only this file.
 * Applying a part is idempotent by its S3 key.
 */
import type { MinuteRow } from '../core/minute-counts.ts';

/** Edits of one wiki in one minute. */
export interface MinuteEdits {
  /** First epoch second of the UTC minute. */
  readonly minute: number;
  readonly human: number;
  readonly bot: number;
}

/** A stream that rows of gold came from. */
export interface GoldSource {
  readonly url: string;
  /** True when the stream said that its events are made up. */
  readonly simulated: boolean;
}

export interface AppliedPart {
  readonly key: string;
  readonly rows: readonly MinuteRow[];
  readonly source: GoldSource;
}

export interface GoldReader {
  /** Wikis that have counts, latest activity first. */
  wikis(limit: number): Promise<string[]>;
  /** Minutes of `wiki` with at least one edit, ascending, from `fromMinute` (epoch seconds, inclusive) on. */
  edits(wiki: string, fromMinute: number): Promise<MinuteEdits[]>;
  /** The newest minute that any wiki has an edit in, epoch seconds; undefined while there is none. */
  lastMinute(): Promise<number | undefined>;
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
}

export interface GoldStore extends GoldReader, GoldWriter {
  close(): Promise<void>;
}
