/**
 * One record of the commit log: what a flush made visible, or a fence. A part exists if and only if a record names it.
 * Records are plain JSON; fields may be added but never changed.
 */
import type { MinuteRange } from '../../core/minute-ranges.ts';
import type { FoundGap, Gap } from '../../core/gaps.ts';
import { partitionName } from '../../core/stream-cursor.ts';
import type { StreamCursor } from '../../core/stream-cursor.ts';
import { isoMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';

/** Who wrote a record. `attempt` is unique over all attempts of all activities. */
export interface Writer {
  readonly attempt: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** One stored object of events: a part of bronze, or dead letters. */
export interface StoredEvents {
  readonly key: string;
  readonly events: number;
  /** Minutes of `meta.dt` of its events. They show which objects may contain an event that arrives again. */
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
  /** Sequence of the fence that starts the record's epoch; a fence has its own. */
  readonly epoch: number;
  readonly writer: Writer;
  /** When it was written, by the writer's clock. For people only: nothing depends on it. */
  readonly at: string;
  /** Where reading resumes after this record. */
  readonly cursor: StreamCursor;
  /** Every event stored by this or an earlier record was sent at this time or before, epoch ms. */
  readonly storedToMs: number;
  /**
   * What was sent (`meta.dt`) since the `readTo` of the record before, up to this time, of wikis that both records keep, was
   * read, and is stored by this or an earlier record. The first commit of a log has where reading starts. ISO 8601; never
   * falls within an epoch. Absent where it is not known, as in records of earlier versions. A fence repeats it.
   */
  readonly readTo?: string;
  /** Wikis that were kept, sorted; absent means all. Earlier versions never name them: without `readTo` it is unknown. */
  readonly wikis?: readonly string[];
}

/** Starts an epoch: no older attempt can commit after it. */
export interface FenceRecord extends RecordBase {
  readonly kind: 'fence';
  /** Sequence of the previous fence; 0 for the first. */
  readonly previousEpoch: number;
}

/** What one flush stored. Without parts it only advances the cursor. */
export interface CommitRecord extends RecordBase {
  readonly kind: 'commit';
  readonly parts: readonly PartEntry[];
  readonly deadLetters: readonly StoredEvents[];
  /** Events that were received but not stored, by reason. */
  readonly skipped: { readonly canaries: number; readonly duplicates: number; readonly filtered: number };
  /** Events that the source lost, joined; absent when there are no gaps. */
  readonly gaps?: readonly FoundGap[];
}

/** The gaps of a record, with stable ids. */
export function gapsOf({ gaps = [] }: Pick<CommitRecord, 'gaps'>): Gap[] {
  return gaps.map(gapOf);
}

/** A gap with its stable id. */
export function gapOf({ cause, topic, partition, fromMs, toMs, missing }: FoundGap): Gap {
  const [from, to] = [isoOf(fromMs), isoOf(toMs)];
  return {
    // The sequence would not do: after a lost log, sequences start over.
    id: [cause, placeOf(topic, partition), from, to].join(' '),
    cause,
    ...(topic !== undefined && { topic }),
    from,
    to,
    ...(missing !== undefined && { missing }),
  };
}

/** Later years have another form in ISO 8601, which other programs cannot read. */
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

function isoOf(ms: number): string {
  return isoMs(Math.min(ms, LATEST_MS));
}

function placeOf(topic: string | undefined, partition: number | undefined): string {
  return topic === undefined
    ? 'stream'
    : partitionName({ topic, ...(partition !== undefined && { partition }) });
}

export type LogRecord = FenceRecord | CommitRecord;
