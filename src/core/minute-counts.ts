/**
 * ⑤ The transform core: bytes of parts in, minute rows out, as if by `JSON.parse` on every line. It depends on nothing
 * but the bytes, so counting again at any later time gives the same rows.
 */
import { readLines } from './line-reader.ts';
import type { CountedEvent, EventRules } from './line-reader.ts';
import type { Chunks } from './lines.ts';
import { RevisionSet } from './revision-set.ts';

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

/** Totals of what was read. */
export interface Counted {
  readonly events: number;
  /** Events of a counted type, including repeated revisions that the rows leave out. */
  readonly edits: number;
  /** Lines that are not a usable event. Ingest writes none, but a part made by hand may have some. */
  readonly unusable: number;
}

export interface PartCounts<Row = MinuteRow> extends Counted {
  /** In the order of gold's primary key. */
  readonly rows: readonly Row[];
}

/** Rows under construction. */
export interface Fold<Row> {
  /** Adds one event. Events without an `edit` change nothing. */
  add(event: CountedEvent): void;
  /** The rows so far, in the order of gold's primary key: what is added later does not change them. */
  rows(): Row[];
}

/** How the events of a stream are read and counted. */
export interface Counting<Row = MinuteRow> extends EventRules {
  /** Starts empty. */
  readonly newFold: () => Fold<Row>;
}

/** The content of one part. */
export interface PartLines<Row = MinuteRow> {
  readonly chunks: Chunks;
  /** False for parts of the Action API and the dumps, whose rows have no `meta.id`. */
  readonly needsId: boolean;
  /** Gets all edits of the part, repeated revisions too: its rows are what adding the part alone would add. */
  readonly alone?: Fold<Row> | undefined;
}

/** Counts the edits of one part. */
export async function countMinutes<Row>(chunks: Chunks, counting: Counting<Row>): Promise<PartCounts<Row>> {
  const fold = counting.newFold();
  let edits = 0;
  const { events, unusable } = await readLines(chunks, counting, true, event => {
    if (event.edit !== undefined) edits += 1;
    fold.add(event);
  });
  return { events, edits, unusable, rows: fold.rows() };
}

/** The counts of an hour. */
export interface HourCounts<Row = MinuteRow> extends PartCounts<Row> {
  /** Distinct edits: one for each (wiki, revision id). */
  readonly distinct: number;
  /** Events that were sent after `lateAfterMs`. */
  readonly late: number;
}

/**
 * Counts the edits of all parts of an hour, each revision once. Parts are read one after the other in the order given;
 * when several contain a revision, the first one decides how it counts.
 * @param select what of an event counts; everything unless given
 */
export async function countDistinct<Row>(
  parts: AsyncIterable<PartLines<Row>>,
  counting: Counting<Row>,
  lateAfterMs: number,
  select: (event: CountedEvent) => CountedEvent = event => event,
): Promise<HourCounts<Row>> {
  const fold = counting.newFold();
  const revisions = new RevisionSet();
  const sums = { events: 0, edits: 0, unusable: 0, distinct: 0, late: 0 };
  for await (const { chunks, needsId, alone } of parts) {
    const { events, unusable } = await readLines(chunks, counting, needsId, each => {
      const event = select(each);
      alone?.add(event);
      if (event.sentAtMs > lateAfterMs) sums.late += 1;
      if (event.edit === undefined) return;
      sums.edits += 1;
      if (!revisions.add(event.wiki, event.edit.revision)) return;
      sums.distinct += 1;
      fold.add(event);
    });
    sums.events += events;
    sums.unusable += unusable;
  }
  return { ...sums, rows: fold.rows() };
}

/** What a row counts: two rows with the same identity are one row of gold. */
export function rowIdentity({ minute, wiki, isBot }: Pick<MinuteRow, 'minute' | 'wiki' | 'isBot'>): string {
  return `${minute} ${wiki} ${isBot ? 1 : 0}`;
}

/** Order of gold's primary key. Upserts must use it too: locking rows in one order avoids deadlocks. */
export function byKey(a: MinuteRow, b: MinuteRow): number {
  if (a.minute !== b.minute) return a.minute - b.minute;
  if (a.wiki !== b.wiki) return a.wiki < b.wiki ? -1 : 1;
  return Number(a.isBot) - Number(b.isBot);
}
