/** What the activities of a backfill take and return. It is the same for all sources, so one scheduler drives them. */
import type { Hour } from '../../core/time.ts';
import type { MissingStretch, PlannedStretch, Stretch } from '../../core/backfill.ts';

export type WantedSource = 'auto' | PlannedStretch['source'];

export interface PlanInput extends Stretch {
  readonly source: WantedSource;
  /** Absent: every wiki that the installation keeps. */
  readonly wikis?: readonly string[];
}

/** A wiki and the host of its API. */
export interface Site {
  readonly wiki: string;
  readonly serverName: string;
}

export interface BackfillPlan {
  readonly stretches: readonly PlannedStretch[];
  readonly missing: readonly MissingStretch[];
  /** Wikis that are requested one by one; empty when only the stream is read. */
  readonly sites: readonly Site[];
  /** Wikis to keep from the stream; absent: those that the installation keeps. */
  readonly wikis?: readonly string[];
  /** Month of the dumps that are read, `2026-10`. */
  readonly snapshot?: string;
  /** How far back the Action API reached when the plan was made, ms. */
  readonly apiKeptMs?: number;
}

/** What one step fetched. */
export interface StepResult {
  /** ISO 8601: everything that the source has before this instant is stored. */
  readonly at: string;
  /** Where the next step resumes; absent when `at` is enough. */
  readonly position?: unknown;
  /** Hours of gold that need a rebuild. */
  readonly hours: readonly Hour[];
  /** Rows that are new, that bronze already had, and that are unusable. */
  readonly rows: number;
  readonly known: number;
  readonly unusable: number;
  /** Bytes received; compressed ones for dumps, else uncompressed. */
  readonly bytes: number;
  readonly requests: number;
  /** ISO 8601; where the source started, when it keeps nothing as old as requested. */
  readonly servedFrom?: string;
  /** Messages that the stream itself lost, by their offsets. */
  readonly lost?: number;
}
