/** Which ranges the stream was read in, as the records of the commit log tell. */
import { joinSpans } from './spans.ts';
import type { Span } from './spans.ts';

/** A range in which the stream was read: what was sent in it is stored. */
export interface ReadRange extends Span {
  /** Absent: every wiki. */
  readonly wikis?: readonly string[];
}

/** A record of the commit log, as far as coverage depends on it. */
export interface ReadRecord {
  readonly attempt: string;
  readonly sequence: number;
  /** Epoch ms; absent where it is not known. */
  readonly readToMs?: number;
  /** Wikis that were kept; absent means all. */
  readonly wikis?: readonly string[];
  /** Whether gold has all its parts. */
  readonly isComplete: boolean;
}

export interface ReadRanges {
  /** Everything that was read there is in gold. */
  readonly read: ReadRange[];
  /** Something is not in gold yet: a part of this record, or of an earlier one, which may hold events of any later time. */
  readonly pending: ReadRange[];
}

/**
 * What was read between records, given in the order of the log; fences count as complete. A record says how far, the one
 * before it says from where, and only wikis that both keep were read from there. Without `readTo`, and where records are
 * missing or another log begins, nothing is known.
 */
export function readRanges(records: readonly ReadRecord[]): ReadRanges {
  const read: ReadRange[] = [];
  const pending: ReadRange[] = [];
  let isWhole = true;
  let before: ReadRecord | undefined;
  for (const record of records) {
    const range = rangeBetween(before, record);
    // Another log: its records do not wait for those of the one that was lost.
    if (before !== undefined && record.sequence <= before.sequence) isWhole = true;
    isWhole &&= record.isComplete;
    if (range !== undefined) (isWhole ? read : pending).push(range);
    before = record;
  }
  return { read: joinRanges(read), pending: joinRanges(pending) };
}

function rangeBetween(before: ReadRecord | undefined, record: ReadRecord): ReadRange | undefined {
  const { readToMs: toMs, sequence } = record;
  const fromMs = before?.readToMs;
  if (fromMs === undefined || toMs === undefined || toMs <= fromMs) return undefined;
  if (before?.sequence !== sequence - 1) return undefined;
  const wikis = bothKeep(before.wikis, record.wikis);
  return wikis?.length === 0 ? undefined : { fromMs, toMs, ...(wikis !== undefined && { wikis }) };
}

function bothKeep(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const other = new Set(b);
  return a.filter(wiki => other.has(wiki));
}

/** Joins ranges of the same wikis that overlap or touch; by start. */
function joinRanges(ranges: readonly ReadRange[]): ReadRange[] {
  const byWikis = new Map<string, ReadRange[]>();
  for (const range of ranges) {
    const name = range.wikis?.toSorted().join() ?? '';
    byWikis.set(name, [...(byWikis.get(name) ?? []), range]);
  }
  return [...byWikis.values()]
    .flatMap(group => joinSpans(group).map((span): ReadRange => ({ ...group[0], ...span })))
    .toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}
