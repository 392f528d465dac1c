/** Which ranges the stream was read in, as the records of the commit log tell. */
import { HOUR_MS, ceilHourMs } from '../time.ts';
import { joinSpans } from './spans.ts';
import type { Span } from './spans.ts';

/** A range in which the stream was read: what was sent in it is stored. */
export interface ReadRange extends Span {
  /** Absent: every wiki. */
  readonly wikis?: readonly string[];
}

/** What a record of the commit log says of how far the stream was read. */
export interface LoggedRead {
  readonly sequence: number;
  /** Epoch ms; absent where it is not known. */
  readonly readToMs?: number;
  /** Wikis that were kept; absent means all. */
  readonly wikis?: readonly string[];
}

/**
 * The range that a record adds: from where the record before it said to have read, for the wikis that both keep. Empty
 * where the record before says nothing, or is missing: then this one only says from where on something is known.
 * Undefined where the record itself says nothing.
 */
export function rangeOf(before: LoggedRead | undefined, record: LoggedRead): ReadRange | undefined {
  const { readToMs: toMs, sequence, wikis } = record;
  if (toMs === undefined) return undefined;
  const isNext = before?.readToMs !== undefined && before.sequence === sequence - 1;
  const fromMs = isNext ? Math.min(before?.readToMs ?? toMs, toMs) : toMs;
  const both = isNext ? bothKeep(before?.wikis, wikis) : wikis;
  return { fromMs, toMs, ...(both !== undefined && { wikis: both }) };
}

function bothKeep(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const other = new Set(b);
  return a.filter(wiki => other.has(wiki));
}

/** The range of a record, and whether gold has all its parts. */
export interface ReadRecord extends ReadRange {
  readonly sequence: number;
  /** Of the last one, where several are one: see `mergeComplete`. */
  readonly lastSequence?: number;
  readonly isComplete: boolean;
}

export interface ReadRanges {
  /** Everything that was read there is in gold. */
  readonly read: readonly ReadRange[];
  /** Something is not in gold yet: a part of this record, or of an earlier one, which may hold events that were sent later. */
  readonly pending: readonly ReadRange[];
}

/** Whoever asks about an hour needs the records that end after this instant: a part of theirs may belong to the hour. */
export function firstReadMs(hourMs: number): number {
  return hourMs - HOUR_MS;
}

/** The end of the last hour for which `firstReadMs` lies before the end of a record. */
function pendingUntilMs({ toMs }: ReadRecord): number {
  return ceilHourMs(toMs + HOUR_MS);
}

/**
 * What was read, as records say it that are given by the end of their range. What they say of a minute depends only on
 * records that end after `firstReadMs` of its hour, so that it is the same in every question about the minute.
 */
export function readRanges(records: readonly ReadRecord[]): ReadRanges {
  const read: ReadRange[] = [];
  const pending: ReadRange[] = [];
  let untilMs = -Infinity;
  let last = 0;
  for (const record of records) {
    const { sequence, isComplete, fromMs, toMs, wikis } = record;
    // Another log: its records do not wait for those of the one that was lost.
    if (sequence <= last) untilMs = -Infinity;
    if (!isComplete) untilMs = Math.max(untilMs, pendingUntilMs(record));
    last = record.lastSequence ?? sequence;
    const kept = wikis !== undefined && { wikis };
    const cutMs = Math.min(Math.max(untilMs, fromMs), toMs);
    pending.push({ fromMs, toMs: cutMs, ...kept });
    read.push({ fromMs: cutMs, toMs, ...kept });
  }
  return { read: joinRanges(read), pending: joinRanges(pending) };
}

/** Records of which gold has everything, given by the end of their range; those that follow each other become one. */
export function mergeComplete(records: readonly ReadRecord[]): ReadRecord[] {
  const merged: ReadRecord[] = [];
  for (const record of records) {
    const before = merged.at(-1);
    const follows =
      before !== undefined &&
      record.sequence === (before.lastSequence ?? before.sequence) + 1 &&
      record.fromMs === before.toMs &&
      nameOfWikis(record) === nameOfWikis(before);
    const lastSequence = record.lastSequence ?? record.sequence;
    if (follows) merged[merged.length - 1] = { ...before, lastSequence, toMs: record.toMs };
    else merged.push({ ...record, lastSequence });
  }
  return merged;
}

/** Joins ranges of the same wikis that overlap or touch; by start. */
export function joinRanges(ranges: readonly ReadRange[]): ReadRange[] {
  const byWikis = new Map<string, ReadRange[]>();
  for (const range of ranges) {
    const name = nameOfWikis(range);
    const known = byWikis.get(name);
    if (known === undefined) byWikis.set(name, [range]);
    else known.push(range);
  }
  byWikis.delete('');
  return [...byWikis.values()]
    .flatMap(group => joinSpans(group).map((span): ReadRange => ({ ...group[0], ...span })))
    .toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}

function nameOfWikis({ wikis }: ReadRange): string {
  return wikis?.toSorted().join() ?? '*';
}
