/**
 * What gold keeps of a record of the commit log: which range of the stream it adds, and the parts that gold must have
 * before the range is known. Field names are serialised.
 */
import { rangeOf } from '../../core/coverage/read-ranges.ts';
import type { LoggedRead } from '../../core/coverage/read-ranges.ts';
import { isoMs } from '../../core/time.ts';
import type { LogRecord } from './log-record.ts';

export interface StoredRead {
  readonly attempt: string;
  readonly sequence: number;
  /** ISO 8601. What was sent in [from, to) was read. */
  readonly from: string;
  readonly to: string;
  /** Absent: every wiki. */
  readonly wikis?: readonly string[];
  /** Its parts of bronze. */
  readonly keys: readonly string[];
}

/** Names a record: after a lost log, sequences start over. */
export type ReadName = Pick<StoredRead, 'attempt' | 'sequence'>;

/** What gold keeps of a record, given the one before it; undefined for a fence, and for one that does not say how far it read. */
export function storedReadOf(before: LogRecord | undefined, record: LogRecord): StoredRead | undefined {
  const range = rangeOf(before && loggedRead(before), loggedRead(record));
  if (record.kind === 'fence' || range === undefined) return undefined;
  const { fromMs, toMs, wikis } = range;
  return {
    attempt: record.writer.attempt,
    sequence: record.sequence,
    from: isoMs(fromMs),
    to: isoMs(toMs),
    ...(wikis !== undefined && { wikis }),
    keys: record.parts.map(({ key }) => key),
  };
}

function loggedRead({ sequence, readTo, wikis }: LogRecord): LoggedRead {
  return {
    sequence,
    ...(readTo !== undefined && { readToMs: Date.parse(readTo) }),
    ...(wikis !== undefined && { wikis }),
  };
}
