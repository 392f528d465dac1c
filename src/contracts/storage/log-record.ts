/**
 * One record of the commit log: what a flush made visible, or a fence. The record is the truth about its parts:
 * a part exists once, and only when, a record names it. Plain JSON; fields may be added, never changed.
 */
import type { MinuteRange } from '../../core/minute-ranges.ts';
import type { FoundGap, Gap } from '../../core/gaps.ts';
import type { StreamCursor } from '../../core/stream-cursor.ts';
import { isoMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';

/** Who wrote a record. `attempt` is unique over all attempts of all activities. */
export interface Writer {
  readonly attempt: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** One object of events: a part of bronze, or dead letters. */
export interface StoredEvents {
  readonly key: string;
  readonly events: number;
  /** Minutes of `meta.dt` that its events lie in: where to look for an event that comes again. */
  readonly sent: readonly MinuteRange[];
}

export interface PartEntry extends StoredEvents {
  readonly hour: Hour;
  readonly edits: number;
  /** Uncompressed and compressed size. */
  readonly bytes: number;
  readonly storedBytes: number;
  /** First and last event time, epoch seconds. */
  readonly firstAt: number;
  readonly lastAt: number;
}

interface RecordBase {
  readonly version: 1;
  readonly sequence: number;
  /** Sequence of the fence that the record stands behind; a fence's own. */
  readonly epoch: number;
  readonly writer: Writer;
  /** When it was written, by the writer's clock; for people, nothing depends on it. */
  readonly at: string;
  /** Where reading goes on after this record. */
  readonly cursor: StreamCursor;
  /** Nothing that this record or one before it stored was sent later than this, epoch ms. */
  readonly storedToMs: number;
}

/** Begins an epoch: no older attempt can commit after it. */
export interface FenceRecord extends RecordBase {
  readonly kind: 'fence';
  /** Fence of the epoch before; 0 for the first. */
  readonly previousEpoch: number;
}

/** What one flush stored. With no parts it only moves the cursor on. */
export interface CommitRecord extends RecordBase {
  readonly kind: 'commit';
  readonly parts: readonly PartEntry[];
  readonly deadLetters: readonly StoredEvents[];
  /** Events that were taken in and stored nowhere, by reason. */
  readonly skipped: { readonly canaries: number; readonly duplicates: number; readonly filtered: number };
  /** What the source could not give; absent when nothing was found. */
  readonly gaps?: readonly FoundGap[];
}

/** The gaps that a record tells of, under names that are the same at each telling. */
export function gapsOf({ gaps = [] }: CommitRecord): Gap[] {
  return gaps.map(({ cause, topic, fromMs, toMs, missing }) => ({
    // Not by the record: a log that was lost numbers its records anew.
    id: [cause, topic ?? 'stream', isoMs(fromMs), isoMs(toMs)].join(' '),
    cause,
    ...(topic !== undefined && { topic }),
    from: isoMs(fromMs),
    to: isoMs(toMs),
    ...(missing !== undefined && { missing }),
  }));
}

export type LogRecord = FenceRecord | CommitRecord;
