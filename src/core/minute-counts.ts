/**
 * ⑤ The transform core: bytes of parts in, minute rows out, as if by `JSON.parse` on every line. It depends on nothing
 * but the bytes, so counting again at any later time gives the same rows. It has two entry points only, so that a
 * faster implementation can replace it.
 */
import { linesOf } from './lines.ts';
import type { Chunks } from './lines.ts';
import type { Judge, UsableEvent } from './reading.ts';

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

/** An event on its way into the counts; those of backfills may lack a `meta.id`. */
export type CountedEvent = UsableEvent<string | undefined>;

/** Rows under construction. */
export interface Fold<Row> {
  /** Adds one event. Events without an `edit` change nothing. */
  add(event: CountedEvent): void;
  /** The rows so far, in the order of gold's primary key: what is added later does not change them. */
  rows(): Row[];
}

/** How the events of a stream are judged and counted. */
export interface Counting<Row = MinuteRow> {
  readonly judge: Judge;
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
export async function countMinutes<Row>(
  chunks: Chunks,
  { judge, newFold }: Counting<Row>,
): Promise<PartCounts<Row>> {
  const fold = newFold();
  const counted = await readEvents(chunks, judge, event => fold.add(event));
  return { ...counted, rows: fold.rows() };
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
 */
export async function countDistinct<Row>(
  parts: AsyncIterable<PartLines<Row>>,
  { judge, newFold }: Counting<Row>,
  lateAfterMs: number,
): Promise<HourCounts<Row>> {
  const fold = newFold();
  const revisions = new Map<string, Set<number>>();
  const sums = { events: 0, edits: 0, unusable: 0, distinct: 0, late: 0 };
  const take = (event: CountedEvent): void => {
    if (event.sentAtMs > lateAfterMs) sums.late += 1;
    if (event.edit === undefined) return;
    const ofWiki = revisions.get(event.wiki) ?? new Set();
    if (ofWiki.has(event.edit.revision)) return;
    revisions.set(event.wiki, ofWiki.add(event.edit.revision));
    sums.distinct += 1;
    fold.add(event);
  };
  for await (const { chunks, needsId, alone } of parts) {
    const takeBoth = (event: CountedEvent): void => {
      alone?.add(event);
      take(event);
    };
    const { events, edits, unusable } = await readEvents(chunks, judge, takeBoth, needsId);
    sums.events += events;
    sums.edits += edits;
    sums.unusable += unusable;
  }
  return { ...sums, rows: fold.rows() };
}

/** Reads every line as an event. */
async function readEvents(
  chunks: Chunks,
  judge: Judge,
  take: (event: CountedEvent) => void,
  needsId = true,
): Promise<Counted> {
  const nowMs = Number.POSITIVE_INFINITY;
  const rules = needsId ? { nowMs } : ({ nowMs, needsId: false } as const);
  let events = 0;
  let edits = 0;
  let unusable = 0;
  for await (const line of linesOf(chunks)) {
    const reading = judge(line, rules);
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
