/**
 * What the activities of a backfill take and return. The results have one shape for all sources, so that one scheduler
 * drives them all. Field names are in workflow histories and never change.
 */
import type { Hour } from '../../core/time.ts';
import type { BackfillSource, MissingStretch, PlannedStretch, Stretch } from '../../core/backfill.ts';

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
  /** Why `auto` reads these sources; absent when one was asked for. */
  readonly why?: string;
  readonly missing: readonly MissingStretch[];
  /** Wikis that are read one by one; empty when only the stream is read. */
  readonly sites: readonly Site[];
  /** Wikis to keep of the stream; absent: those that the installation keeps. */
  readonly wikis?: readonly string[];
  /** Month of the dumps to read, `2026-10`. */
  readonly snapshot?: string;
  /** How far back the Action API reached when the plan was made, ms. */
  readonly apiKeptMs?: number;
  /** Whether the namespace has the search attributes of backfills, as the worker saw it when it started. */
  readonly isIndexed?: boolean;
}

export interface StreamWindowInput {
  /** ISO 8601, [from, to); `from` is the start of an hour. */
  readonly from: string;
  readonly to: string;
  /** Wikis to keep; absent: those that the installation keeps. */
  readonly wikis?: readonly string[];
}

/**
 * How far an activity has come with the window that it reads. It is part of the heartbeat, which a workflow cannot see:
 * whoever shows the progress of a backfill adds it to what the workflow answers.
 */
export interface WindowReading extends Stretch {
  readonly source: BackfillSource;
  /** Absent for the stream. */
  readonly wiki?: string;
  /** Of `total`: milliseconds of event time in the stream, bytes of a dump. */
  readonly done: number;
  readonly total: number;
}

/** Heartbeat details of a stream window: the next attempt resumes from them. */
export interface StreamWindowProgress {
  /** Hours before this instant are stored, epoch ms. */
  readonly atMs: number;
  readonly result: Omit<StepResult, 'at'>;
  /** For people. It is ahead of `atMs`, because an hour is stored as a whole. */
  readonly window?: WindowReading;
}

export interface ApiPageInput extends Site {
  /** ISO 8601, [from, to). */
  readonly from: string;
  readonly to: string;
  /** Absent for the first page. */
  readonly position?: unknown;
}

export interface DumpFileInput {
  readonly wiki: string;
  /** Month of the dumps, `2026-10`. */
  readonly snapshot: string;
  /** ISO 8601, [from, to) of all files together. */
  readonly from: string;
  readonly to: string;
  /** Index of the file among those that cover the range; absent: the first. */
  readonly position?: unknown;
}

/** Result of one step: a window of the stream, a page of the API or a file of the dumps. */
export interface StepResult {
  /** ISO 8601: everything the source has before this instant is stored. */
  readonly at: string;
  /** Where the next step starts; absent when `at` is enough. */
  readonly position?: unknown;
  /** Hours to rebuild in gold. */
  readonly hours: readonly Hour[];
  /** Rows that were stored; rows that bronze already had; rows that could not be used. */
  readonly rows: number;
  readonly known: number;
  readonly unusable: number;
  /** Bytes received: uncompressed, except for dumps. */
  readonly bytes: number;
  readonly requests: number;
  /** ISO 8601; where the source started, when it keeps nothing as old as was asked for. */
  readonly servedFrom?: string;
  /** Messages that the stream itself has lost, judged by their offsets. */
  readonly lost?: number;
}
