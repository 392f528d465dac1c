/** What a commit says of how far the stream was read, given the record before it. Pure. */
import type { LogRecord } from '../contracts/storage/log-record.ts';
import { positionsOf } from '../core/stream-cursor.ts';
import type { StreamCursor } from '../core/stream-cursor.ts';
import { isoMs } from '../core/time.ts';

/** What a flush knows. */
export interface ReadState {
  /** Epoch ms; undefined when no message of the epoch has shown it. */
  readonly readToMs?: number | undefined;
  /** Wikis that are kept; empty or absent means all. */
  readonly wikis?: ReadonlySet<string> | undefined;
}

/** The fields of a commit. A fence repeats those of the record before it, so that each record follows from the last. */
export type ReadFields = Pick<LogRecord, 'readTo' | 'wikis'>;

/** What a fence repeats. */
export function readFieldsOf(before: ReadFields | undefined): ReadFields {
  const { readTo, wikis } = before ?? {};
  return { ...(readTo !== undefined && { readTo }), ...(wikis !== undefined && { wikis }) };
}

/**
 * The fields of the next commit. After a record that says nothing (an earlier version wrote it), or one of other wikis,
 * only what comes after the epoch's first position was certainly read of all of them.
 * @param resumed the cursor of the epoch's fence
 */
export function readFieldsAfter(
  before: ReadFields,
  { readToMs, wikis: kept }: ReadState,
  resumed: StreamCursor,
): ReadFields {
  const wikis = kept === undefined || kept.size === 0 ? undefined : [...kept].toSorted();
  const isSameFilter = before.wikis?.join() === wikis?.join();
  const knownMs = before.readTo === undefined || !isSameFilter ? undefined : Date.parse(before.readTo);
  const newMs = readToMs !== undefined && readToMs >= newestOf(resumed) ? readToMs : undefined;
  const ms = knownMs === undefined ? newMs : Math.max(knownMs, readToMs ?? knownMs);
  return { ...(ms !== undefined && { readTo: isoMs(ms) }), ...(wikis !== undefined && { wikis }) };
}

function newestOf(cursor: StreamCursor): number {
  return Math.max(0, ...positionsOf(cursor).map(({ timestampMs }) => timestampMs));
}
