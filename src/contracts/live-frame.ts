/**
 * What the live feed says: the rows that are not in gold yet, by the part that they are in, or will be in once it is
 * flushed. Serialised between a worker and an API, which can be of neighbouring versions: names never change. Also the
 * port through which ingest publishes, because engines do not import each other.
 */
import type { Fold, MinuteRow } from '../core/minute-counts.ts';
import type { StreamCursor } from '../core/stream-cursor.ts';
import type { LogRecord, PartEntry } from './storage/log-record.ts';

/** A part, or the part that a buffer will become. */
export interface LivePart {
  /** Its key in S3, known from its first event on; a fence is all that can prevent that it is written. */
  readonly key: string;
  /** `open`: not committed yet. `stored`: committed, whether or not gold has it. */
  readonly kind: 'open' | 'stored';
  /** Gold was seen to have it: an API does well to read gold again. Absent otherwise. */
  readonly isInGold?: true;
  /** Absent where there are too many: then only the name is known. */
  readonly rows?: readonly MinuteRow[];
}

export interface LiveFrame {
  /** Of the attempt that reads the stream, and the sequence of its fence: later attempts have higher ones. */
  readonly attempt: string;
  readonly fence: number;
  /** Whether the parts of earlier attempts that gold may lack are among the parts. */
  readonly isListed: boolean;
  /** Highest timestamp that was read of each partition, epoch ms, by `partitionName`. */
  readonly positions: Readonly<Record<string, number>>;
  /** The stream is read from here to there, beyond the last record, epoch ms; absent while unknown. */
  readonly readFromMs?: number;
  readonly readToMs?: number;
  /** Wikis that are kept; absent: all. */
  readonly wikis?: readonly string[];
  /**
   * In a whole frame all parts. Otherwise those that changed since the frame before, with the rows that changed: their
   * counts are totals of the row, not increments, so a frame that comes twice changes nothing.
   */
  readonly parts: readonly LivePart[];
  readonly isWhole: boolean;
}

/** What the reading of the stream says of itself at any moment. */
export interface LiveReading {
  /** Parts that are not committed yet. */
  readonly open: readonly LivePart[];
  readonly cursor: StreamCursor;
  /** How far the stream is read, epoch ms; undefined while unknown. */
  readonly readToMs: number | undefined;
  /** Wikis that are kept; empty means all. */
  readonly wikis: ReadonlySet<string>;
}

/** The attempt that reads, and its log. */
export interface LiveAttempt {
  readonly attempt: string;
  readonly log: {
    readonly fence: number;
    readonly tail: LogRecord;
    readonly backwards: (persistence: { readonly signal: AbortSignal }) => AsyncIterable<LogRecord>;
  };
  readonly reading: () => LiveReading;
}

/** A run that publishes. */
export interface LiveRun {
  /** A commit has happened. @param open its parts as they were while they were open */
  committed(parts: readonly Pick<PartEntry, 'key'>[], open: readonly LivePart[]): void;
  end(): void;
}

/** Where ingest publishes what is not in gold yet. Never fails: reading does not need it. */
export interface LivePort {
  /** Where APIs can read it. */
  readonly address: string;
  readonly newFold: () => Fold<MinuteRow>;
  begin(attempt: LiveAttempt): LiveRun;
}
