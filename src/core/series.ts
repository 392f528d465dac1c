/** Minutes of one wiki, summed up by buckets. A bucket sums its known minutes: where none is known it is null, never 0. */
import { containSpan, joinSpans, wholeMinutes } from './coverage/spans.ts';
import type { Span } from './coverage/spans.ts';
import type { Buckets } from './steps.ts';
import { MINUTE_MS } from './time.ts';

/** What a wiki did in a minute. */
export interface MinuteTotals {
  /** First epoch second of the UTC minute. */
  readonly minute: number;
  /** Edits. */
  readonly human: number;
  readonly bot: number;
  /** Sum of the changes in length. */
  readonly bytes: number;
}

/** What a wiki did in an hour: all that a bucket of whole hours takes from the rows of its minutes. */
export interface HourTotals {
  /** First epoch second of the UTC hour. */
  readonly hour: number;
  /** Edits. */
  readonly human: number;
  readonly bot: number;
  /** Sum of the changes in length. */
  readonly bytes: number;
  /** Edits in the quietest and in the busiest minute with a row; 0 where no minute has one. */
  readonly min: number;
  readonly max: number;
  /** Which minutes have a row, a bit each: those of the first half hour, and those of the second. */
  readonly early: number;
  readonly late: number;
}

/** [from, to), epoch seconds. */
export type SecondRange = readonly [from: number, to: number];

/** A range in pieces of some length, ascending; the last one may be shorter. */
export function* piecesOf([start, end]: SecondRange, seconds: number): Generator<SecondRange> {
  for (let from = start; from < end; from += seconds) yield [from, Math.min(from + seconds, end)];
}

/** One number a bucket; null where no minute of the bucket is known. */
export type Column = readonly (number | null)[];

export interface SeriesColumns {
  readonly human: Column;
  readonly bot: Column;
  readonly bytes: Column;
  /** Edits in the quietest and in the busiest known minute. */
  readonly min: Column;
  readonly max: Column;
  /** How many minutes are known. */
  readonly known: readonly number[];
}

const MINUTE = 60;
export const HOUR_SECONDS = 3_600;
const HALF = 30;

/**
 * Sums rows as they come, so that a long range needs no more memory than its buckets. A minute is known when it has a
 * row, or lies within a known range as a whole; without a row it then had no edits.
 */
export class SeriesFold {
  readonly #buckets: Buckets;
  /** Whole minutes. */
  readonly #known: readonly Span[];
  readonly #human: Float64Array;
  readonly #bot: Float64Array;
  readonly #bytes: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #rows: Float64Array;
  /** Known minutes. */
  readonly #minutes: Float64Array;

  /** @param known in any order; they may overlap */
  constructor(buckets: Buckets, known: readonly SecondRange[]) {
    const column = (start = 0): Float64Array => new Float64Array(buckets.count).fill(start);
    this.#buckets = buckets;
    // Joined first: two ranges may share a minute.
    this.#known = wholeMinutes(
      joinSpans(known.map(([from, to]) => ({ fromMs: from * 1000, toMs: to * 1000 }))),
    );
    [this.#human, this.#bot, this.#bytes] = [column(), column(), column()];
    [this.#min, this.#max] = [column(Number.POSITIVE_INFINITY), column()];
    [this.#rows, this.#minutes] = [column(), column()];
    for (const { fromMs, toMs } of this.#known)
      this.#addRange(Math.max(fromMs / 1000, buckets.from), Math.min(toMs / 1000, buckets.to));
  }

  /** Adds rows, each minute once. Minutes outside the buckets change nothing. */
  add(rows: Iterable<MinuteTotals>): void {
    for (const { minute, human, bot, bytes } of rows) {
      if (minute < this.#buckets.from || minute >= this.#buckets.to) continue;
      const at = this.#at(minute);
      const edits = human + bot;
      increase(this.#human, at, human);
      increase(this.#bot, at, bot);
      increase(this.#bytes, at, bytes);
      increase(this.#rows, at, 1);
      const fromMs = minute * 1000;
      if (!containSpan(this.#known, { fromMs, toMs: fromMs + MINUTE_MS })) increase(this.#minutes, at, 1);
      this.#min[at] = Math.min(this.#min[at] ?? edits, edits);
      this.#max[at] = Math.max(this.#max[at] ?? edits, edits);
    }
  }

  /** Adds whole hours, each once and none of whose minutes is added too. The buckets are of whole hours. */
  addHours(hours: Iterable<HourTotals>): void {
    for (const totals of hours) {
      const { hour, human, bot, bytes, min, max, early, late } = totals;
      const rows = bitsOf(early) + bitsOf(late);
      if (hour < this.#buckets.from || hour >= this.#buckets.to || rows === 0) continue;
      const at = this.#at(hour);
      increase(this.#human, at, human);
      increase(this.#bot, at, bot);
      increase(this.#bytes, at, bytes);
      increase(this.#rows, at, rows);
      increase(this.#minutes, at, this.#countUnknown(totals));
      this.#min[at] = Math.min(this.#min[at] ?? min, min);
      this.#max[at] = Math.max(this.#max[at] ?? max, max);
    }
  }

  columns(): SeriesColumns {
    const known = [...this.#minutes];
    const where = (values: Float64Array): Column =>
      known.map((count, at) => (count === 0 ? null : (values[at] ?? 0)));
    // A known minute without a row is the quietest.
    const min = this.#min.map((edits, at) => ((known[at] ?? 0) > (this.#rows[at] ?? 0) ? 0 : edits));
    return {
      human: where(this.#human),
      bot: where(this.#bot),
      bytes: where(this.#bytes),
      min: where(min),
      max: where(this.#max),
      known,
    };
  }

  #addRange(from: number, to: number): void {
    for (let start = from; start < to;) {
      const at = this.#at(start);
      const end = Math.min(to, this.#buckets.from + (at + 1) * this.#buckets.stepSec);
      increase(this.#minutes, at, (end - start) / MINUTE);
      start = end;
    }
  }

  /** How many of an hour's minutes are known by their rows alone. */
  #countUnknown(totals: HourTotals): number {
    const isKnown = (from: number, to: number): boolean =>
      containSpan(this.#known, { fromMs: from * 1000, toMs: to * 1000 });
    if (isKnown(totals.hour, totals.hour + HOUR_SECONDS)) return 0;
    return minutesWithRows(totals).filter(minute => !isKnown(minute, minute + MINUTE)).length;
  }

  #at(second: number): number {
    return Math.floor((second - this.#buckets.from) / this.#buckets.stepSec);
  }
}

/** Sums up the minutes of an hour, each once. */
export function totalsOfHour(hour: number, minutes: Iterable<MinuteTotals>): HourTotals {
  let [human, bot, bytes, early, late] = [0, 0, 0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, 0];
  for (const row of minutes) {
    human += row.human;
    bot += row.bot;
    bytes += row.bytes;
    min = Math.min(min, row.human + row.bot);
    max = Math.max(max, row.human + row.bot);
    const nth = Math.floor((row.minute - hour) / MINUTE);
    if (nth < HALF) early |= 1 << nth;
    else late |= 1 << (nth - HALF);
  }
  return { hour, human, bot, bytes, min: Number.isFinite(min) ? min : 0, max, early, late };
}

/** The parts of [from, to) that are not in any of some hours, which ascend; epoch seconds. */
export function outsideHours(
  hours: readonly Pick<HourTotals, 'hour'>[],
  [from, to]: SecondRange,
): SecondRange[] {
  const ranges: SecondRange[] = [];
  let start = from;
  for (const { hour } of hours) {
    if (hour > start) ranges.push([start, hour]);
    start = hour + HOUR_SECONDS;
  }
  if (start < to) ranges.push([start, to]);
  return ranges;
}

/** First epoch seconds of the minutes that have a row. */
function minutesWithRows({ hour, early, late }: HourTotals): number[] {
  const minutes: number[] = [];
  for (let nth = 0; nth < HALF; nth += 1) {
    if ((early >> nth) & 1) minutes.push(hour + nth * MINUTE);
    if ((late >> nth) & 1) minutes.push(hour + (nth + HALF) * MINUTE);
  }
  return minutes;
}

function bitsOf(half: number): number {
  let count = 0;
  for (let rest = half; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function increase(column: Float64Array, at: number, by: number): void {
  column[at] = (column[at] ?? 0) + by;
}
