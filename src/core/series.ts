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

/** [from, to), epoch seconds. */
export type SecondRange = readonly [from: number, to: number];

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

  #at(second: number): number {
    return Math.floor((second - this.#buckets.from) / this.#buckets.stepSec);
  }
}

function increase(column: Float64Array, at: number, by: number): void {
  column[at] = (column[at] ?? 0) + by;
}
