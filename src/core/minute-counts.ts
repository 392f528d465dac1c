/**
 * ⑤ The transform core: bytes of a part in, minute rows out. One function, so that a faster one can take its place;
 * whatever the bytes, its answer is that of `JSON.parse` on every line. A function of the bytes alone: counting a
 * part again, at any later time, gives the same rows.
 */
import { readRecentChange } from './recent-change.ts';
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

export interface PartCounts {
  /** Sorted by minute, wiki, humans before bots: the order of gold's primary key. */
  readonly rows: readonly MinuteRow[];
  readonly events: number;
  readonly edits: number;
  /** Lines that are no usable event. Ingest lets none through; a part made by hand may hold some. */
  readonly unusable: number;
}

const NEWLINE = 10;

/** Counts the edits of an uncompressed NDJSON part, given in chunks cut anywhere. */
export async function countMinutes(
  chunks: AsyncIterable<Uint8Array>,
  editTypes: ReadonlySet<string>,
): Promise<PartCounts> {
  const rows = new Map<string, Mutable<MinuteRow>>();
  let events = 0;
  let edits = 0;
  let unusable = 0;
  for await (const line of linesOf(chunks)) {
    const reading = readRecentChange(line, { editTypes, nowMs: Number.POSITIVE_INFINITY });
    if (reading.kind !== 'event') {
      unusable += 1;
      continue;
    }
    events += 1;
    if (reading.edit === undefined) continue;
    edits += 1;
    const { isBot, bytesChange } = reading.edit;
    const minute = minuteOf(reading.timestamp);
    const name = `${minute} ${reading.wiki} ${isBot ? 1 : 0}`;
    const row = rows.get(name);
    if (row === undefined) rows.set(name, { minute, wiki: reading.wiki, isBot, edits: 1, bytesChange });
    else {
      row.edits += 1;
      row.bytesChange += bytesChange;
    }
  }
  return { rows: [...rows.values()].sort(byKey), events, edits, unusable };
}

/** Order of gold's primary key; the same everywhere, so that concurrent upserts lock rows in one order. */
function byKey(a: MinuteRow, b: MinuteRow): number {
  if (a.minute !== b.minute) return a.minute - b.minute;
  if (a.wiki !== b.wiki) return a.wiki < b.wiki ? -1 : 1;
  return Number(a.isBot) - Number(b.isBot);
}

/** Text of each line that is not empty. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
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
