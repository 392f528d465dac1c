/** What a measurement has found, as plain data: the bill and the page are made of nothing else. */
import type { S3Count } from './s3-counter.ts';

export interface CostCase {
  readonly name: string;
  /** Wikis to keep; empty keeps all. */
  readonly wikis: readonly string[];
  readonly gold: 's3' | 'postgres';
  /** FLUSH_MAX_SEC of the case as it would run live. */
  readonly flushSec: number;
}

/** What is kept under one name: objects of a place in the bucket, or rows of a table with its indexes. */
export interface Held {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

/** A stretch of the stream through one pipeline: what came, what it asked of S3, and by how much its stores grew. */
export interface MeasuredCase extends CostCase {
  /** Hours of event time. */
  readonly hours: number;
  readonly flushes: number;
  readonly events: number;
  readonly edits: number;
  /** Of the events, uncompressed and as they are stored. */
  readonly bytes: number;
  readonly storedBytes: number;
  readonly requests: readonly S3Count[];
  /** Places of the bucket as the counter names them, and tables of the database. */
  readonly stored: readonly Held[];
  readonly tables: readonly Held[];
  /** Events in the history of the ingest workflow. */
  readonly historyEvents: number;
  /** What one new attempt of the streaming activity asks, with a week of bronze. */
  readonly restart: readonly S3Count[];
}

/** A finished day of gold written as one object, and once more what a run asks that finds nothing to do. */
export interface MeasuredDay {
  readonly wikis: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  readonly requests: readonly S3Count[];
}

/** Pages that look at gold in S3 by one API process. */
export interface MeasuredReading {
  /** Days of gold that there are. */
  readonly goldDays: number;
  readonly pages: number;
  readonly seconds: number;
  /** Requests of the pages to the API. */
  readonly asked: number;
  /** What the first look of a new API process asks of S3. */
  readonly firstLook: readonly S3Count[];
  readonly requests: readonly S3Count[];
  /** What is asked while no page is open. */
  readonly idleSeconds: number;
  readonly idle: readonly S3Count[];
}

/** One run of the Schedule that finds every day compacted. */
export interface MeasuredListing {
  readonly goldDays: number;
  readonly requests: readonly S3Count[];
}

export interface Measured {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
  /** How often the stream was faster than it would be live. */
  readonly speed: number;
  /** Mean events a second of the simulated stream over a day, and which universe it is. */
  readonly rate: number;
  readonly seed: number;
  readonly cases: readonly MeasuredCase[];
  readonly days: readonly MeasuredDay[];
  readonly listings: readonly MeasuredListing[];
  readonly readings: readonly MeasuredReading[];
}

/** Flushes an hour that a live run makes by age: the stream brings too few lines for FLUSH_MIN_LINES. */
export function expectedFlushes({ flushSec }: Pick<CostCase, 'flushSec'>): number {
  return 3_600 / flushSec;
}

/** Flushes an hour of event time may be off by this much. */
export const PACE_TOLERANCE = 0.05;

/** Whether the stream ran as it was to: one that is too fast for the machine has more flushes in less of it. */
export function keptPace(measured: Pick<MeasuredCase, 'flushes' | 'hours' | 'flushSec'>): boolean {
  const found = measured.flushes / measured.hours;
  return Math.abs(found / expectedFlushes(measured) - 1) <= PACE_TOLERANCE;
}
