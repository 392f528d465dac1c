/**
 * ⑤ The transform core: bytes of parts in, minute rows out. Behind two functions, so that a faster one can take its
 * place; whatever the bytes, its answer is that of `JSON.parse` on every line. A function of the bytes alone: counting
 * again, at any later time, gives the same rows.
 */
import { readRecentChange } from './recent-change.ts';
import type { UsableEvent } from './recent-change.ts';
import { minuteOf } from './time.ts';

/** Edits of one (minute, wiki, bot flag). */
export interface MinuteRow {
  /** First epoch second of the UTC minute. */
  readonly minute: number;
  readonly wiki: string;
  readonly isBot: boolean;
  readonly edits: number;
  /** Sum of `length.new - length.old`, bytes. */
  readonly bytesChange: number;
}

/** What was read, beside the rows. */
export interface Counted {
  readonly events: number;
  /** Events of a counted type; with repetitions of a revision, where those are left out of the rows. */
  readonly edits: number;
  /** Lines that are no usable event. Ingest lets none through; a part made by hand may hold some. */
  readonly unusable: number;
}

export interface PartCounts extends Counted {
  /** Sorted by minute, wiki, humans before bots: the order of gold's primary key. */
  readonly rows: readonly MinuteRow[];
}

/** Uncompressed NDJSON in chunks cut anywhere. */
export type Chunks = AsyncIterable<Uint8Array>;

/** A part of an hour. */
export interface PartLines {
  readonly chunks: Chunks;
  /** False for parts of the Action API and the dumps, whose rows have no `meta.id`. */
  readonly needsId: boolean;
}

const NEWLINE = 10;

/** Counts the edits of one part. */
export async function countMinutes(chunks: Chunks, editTypes: ReadonlySet<string>): Promise<PartCounts> {
  const rows = new MinuteRows();
  const counted = await readEvents(chunks, editTypes, event => rows.add(event));
  return { ...counted, rows: rows.sorted() };
}

/** The counts of an hour. */
export interface HourCounts extends PartCounts {
  /** Edits that were in no part before: one for each (wiki, revision id). */
  readonly distinct: number;
  /** Events that were sent after `lateAfterMs`. */
  readonly late: number;
}

/**
 * Counts the edits of all parts of an hour, each revision once: an edit that several parts hold counts as the first
 * of them has it. Parts are read one after the other, in the order given.
 */
export async function countDistinct(
  parts: AsyncIterable<PartLines>,
  editTypes: ReadonlySet<string>,
  lateAfterMs: number,
): Promise<HourCounts> {
  const rows = new MinuteRows();
  const revisions = new Map<string, Set<number>>();
  const sums = { events: 0, edits: 0, unusable: 0, distinct: 0, late: 0 };
  const take = (event: CountedEvent): void => {
    if (event.sentAtMs > lateAfterMs) sums.late += 1;
    if (event.edit === undefined) return;
    const ofWiki = revisions.get(event.wiki) ?? new Set();
    if (ofWiki.has(event.edit.revision)) return;
    revisions.set(event.wiki, ofWiki.add(event.edit.revision));
    sums.distinct += 1;
    rows.add(event);
  };
  for await (const { chunks, needsId } of parts) {
    const { events, edits, unusable } = await readEvents(chunks, editTypes, take, needsId);
    sums.events += events;
    sums.edits += edits;
    sums.unusable += unusable;
  }
  return { ...sums, rows: rows.sorted() };
}

type CountedEvent = UsableEvent<string | undefined>;

/** Reads every line as an event. */
async function readEvents(
  chunks: Chunks,
  editTypes: ReadonlySet<string>,
  take: (event: CountedEvent) => void,
  needsId = true,
): Promise<Counted> {
  const nowMs = Number.POSITIVE_INFINITY;
  const rules = needsId ? { editTypes, nowMs } : ({ editTypes, nowMs, needsId: false } as const);
  let events = 0;
  let edits = 0;
  let unusable = 0;
  for await (const line of linesOf(chunks)) {
    const reading = readRecentChange(line, rules);
    if (reading.kind !== 'event') {
      unusable += 1;
      continue;
    }
    events += 1;
    if (reading.edit !== undefined) edits += 1;
    take(reading);
  }
  return { events, edits, unusable };
}

/** Rows that grow by one edit at a time. */
class MinuteRows {
  readonly #rows = new Map<string, Mutable<MinuteRow>>();

  add({ timestamp, wiki, edit }: CountedEvent): void {
    if (edit === undefined) return;
    const { isBot, bytesChange } = edit;
    const minute = minuteOf(timestamp);
    const name = `${minute} ${wiki} ${isBot ? 1 : 0}`;
    const row = this.#rows.get(name);
    if (row === undefined) this.#rows.set(name, { minute, wiki, isBot, edits: 1, bytesChange });
    else {
      row.edits += 1;
      row.bytesChange += bytesChange;
    }
  }

  sorted(): MinuteRow[] {
    return [...this.#rows.values()].sort(byKey);
  }
}

/** Order of gold's primary key; the same everywhere, so that concurrent upserts lock rows in one order. */
export function byKey(a: MinuteRow, b: MinuteRow): number {
  if (a.minute !== b.minute) return a.minute - b.minute;
  if (a.wiki !== b.wiki) return a.wiki < b.wiki ? -1 : 1;
  return Number(a.isBot) - Number(b.isBot);
}

/** Text of each line that is not empty. */
async function* linesOf(chunks: Chunks): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let pieces: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      pieces.push(chunk.subarray(start, end));
      const line = joined(pieces);
      if (line.length > 0) yield decoder.decode(line);
      pieces = [];
      start = end + 1;
    }
    // Kept in pieces: joining at every chunk would be quadratic on a line of many megabytes.
    if (start < chunk.length) pieces.push(chunk.slice(start));
  }
  const last = joined(pieces);
  if (last.length > 0) yield decoder.decode(last);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
