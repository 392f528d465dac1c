/** What the activities of a backfill take and answer, alike for all sources, so that one scheduler drives them. */
import type { Hour } from '../../core/time.ts';
import type { MissingStretch, PlannedStretch, Stretch } from '../../core/backfill.ts';

export type WantedSource = 'auto' | PlannedStretch['source'];

export interface PlanInput extends Stretch {
  readonly source: WantedSource;
  /** Absent: every wiki that the installation keeps. */
  readonly wikis?: readonly string[];
}

/** A wiki and the host that its API is asked at. */
export interface Site {
  readonly wiki: string;
  readonly serverName: string;
}

export interface BackfillPlan {
  readonly stretches: readonly PlannedStretch[];
  readonly missing: readonly MissingStretch[];
  /** Wikis that are asked for one by one; empty when only the stream is read. */
  readonly sites: readonly Site[];
  /** Wikis to keep of the stream; absent: those that the installation keeps. */
  readonly wikis?: readonly string[];
  /** Month of the dumps that are read, `2026-10`. */
  readonly snapshot?: string;
  /** How far back the Action API reached when the plan was made, ms. */
  readonly apiKeptMs?: number;
}

/** What one step of reading brought. */
export interface StepResult {
  /** ISO 8601: what the source has before this instant is stored. */
  readonly at: string;
  /** Where the next step goes on; absent when `at` says it all. */
  readonly position?: unknown;
  /** Hours that gold has to be rebuilt for. */
  readonly hours: readonly Hour[];
  /** Rows that were brought; those that bronze had already; those that no reader can use. */
  readonly rows: number;
  readonly known: number;
  readonly unusable: number;
  /** Received: uncompressed, but for dumps. */
  readonly bytes: number;
  readonly requests: number;
  /** ISO 8601; where the source began, when it keeps nothing as old as was asked for. */
  readonly servedFrom?: string;
  /** Messages that the stream itself has lost, by their offsets. */
  readonly lost?: number;
}
