/** The results of a measurement, as plain data. The bill and the page are computed from nothing else. */
import type { Actions, Heartbeats } from './actions.ts';
import type { S3Count } from './s3-counter.ts';

export interface CostCase {
  readonly name: string;
  /** Wikis to keep; empty means all. */
  readonly wikis: readonly string[];
  readonly gold: 's3' | 'postgres';
  /** FLUSH_MAX_SEC of the case in a live run. */
  readonly flushSec: number;
}

/** What is stored under one name: the objects of a place in the bucket, or the rows of a table with its indexes. */
export interface Held {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

/** A range of the stream through one pipeline: its events, its requests to S3, and the growth of its stores. */
export interface MeasuredCase extends CostCase {
  /** Hours of event time. */
  readonly hours: number;
  readonly flushes: number;
  readonly events: number;
  readonly edits: number;
  /** Size of the events, uncompressed and as stored. */
  readonly bytes: number;
  readonly storedBytes: number;
  readonly requests: readonly S3Count[];
  /** Growth by place in the bucket (named as in `S3Count`), and by table of the database. */
  readonly stored: readonly Held[];
  readonly tables: readonly Held[];
  /** Events added to the history of the ingest workflow. */
  readonly historyEvents: number;
  /** Requests of one new attempt of the streaming activity, with a week of bronze. */
  readonly restart: readonly S3Count[];
  readonly temporal: MeasuredTemporal;
}

/** What Temporal Cloud would bill. */
export interface MeasuredTemporal {
  /** Of the measured range. */
  readonly actions: Actions;
  /** By the wall clock: the speed of the stream does not change them. */
  readonly heartbeats: Heartbeats;
  /** Of one run that each Schedule starts. */
  readonly schedules: Readonly<Record<string, Actions>>;
}

/** A finished day of gold, compacted into one object. */
export interface MeasuredDay {
  readonly wikis: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  readonly requests: readonly S3Count[];
}

/** Open pages that read gold in S3 through one API process. */
export interface MeasuredReading {
  /** Age of gold. */
  readonly goldDays: number;
  readonly pages: number;
  /** Or they poll. */
  readonly listens: boolean;
  readonly seconds: number;
  /** Requests from the pages to the API. */
  readonly asked: number;
  /** Requests to S3 for the first read of a new API process. */
  readonly firstLook: readonly S3Count[];
  readonly requests: readonly S3Count[];
  /** Requests while no page is open. */
  readonly idleSeconds: number;
  readonly idle: readonly S3Count[];
}

/** A run of the Schedule that finds every day already compacted. */
export interface MeasuredListing {
  readonly goldDays: number;
  /** When it lists all of gold, and when it lists the recent days. */
  readonly requests: readonly S3Count[];
  readonly recent: readonly S3Count[];
}

export interface Measured {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
  /** How many times faster than live the stream ran. */
  readonly speed: number;
  /** Mean events per second of the simulated stream over a day, and the seed of its universe. */
  readonly rate: number;
  readonly seed: number;
  readonly cases: readonly MeasuredCase[];
  readonly days: readonly MeasuredDay[];
  readonly listings: readonly MeasuredListing[];
  readonly readings: readonly MeasuredReading[];
}

/** Flushes per hour of a live run. All are due by age: the stream has too few lines for FLUSH_MIN_LINES. */
export function expectedFlushes({ flushSec }: Pick<CostCase, 'flushSec'>): number {
  return 3_600 / flushSec;
}

/** Largest relative deviation of the flushes per hour of event time. */
export const PACE_TOLERANCE = 0.05;

/** Whether the worker kept up with the stream. If it did not, its flushes cover less event time, so there are more per hour. */
export function keptPace(measured: Pick<MeasuredCase, 'flushes' | 'hours' | 'flushSec'>): boolean {
  const found = measured.flushes / measured.hours;
  return Math.abs(found / expectedFlushes(measured) - 1) <= PACE_TOLERANCE;
}
