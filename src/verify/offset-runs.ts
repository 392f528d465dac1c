/** A set of Kafka offsets, stored as runs: a day of the stream is a few runs instead of millions of numbers. */

/** First and last offset of a run, inclusive. */
export type Run = readonly [from: number, to: number];

/** Offsets to collect before a merge, at least: the cost of a merge grows with the number of runs. */
const MIN_PENDING = 50_000;

export class OffsetRuns {
  #runs: Run[] = [];
  #pending: number[] = [];

  add(offset: number): void {
    this.#pending.push(offset);
    if (this.#pending.length >= Math.max(MIN_PENDING, this.#runs.length)) this.#merge();
  }

  /** All runs, ascending and never adjacent. */
  get runs(): readonly Run[] {
    this.#merge();
    return this.#runs;
  }

  /** Missing offsets in [from, to], ascending. */
  holes(from: number, to: number): Run[] {
    const holes: Run[] = [];
    let next = from;
    const { runs } = this;
    for (let at = firstEndingAt(runs, from); at < runs.length; at += 1) {
      const [first, last] = runs[at] ?? [to + 1, to + 1];
      if (first > to) break;
      if (first > next) holes.push([next, first - 1]);
      next = Math.max(next, last + 1);
    }
    if (next <= to) holes.push([next, to]);
    return holes;
  }

  #merge(): void {
    if (this.#pending.length === 0) return;
    const singles = this.#pending.sort((a, b) => a - b).map((offset): Run => [offset, offset]);
    const all = [...this.#runs, ...singles].sort(([a], [b]) => a - b);
    const merged: [number, number][] = [];
    for (const [from, to] of all) {
      const last = merged.at(-1);
      if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
      else merged.push([from, to]);
    }
    this.#runs = merged;
    this.#pending = [];
  }
}

/** Number of offsets in runs. */
export function sizeOf(runs: readonly Run[]): number {
  return runs.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** Index of the first run that ends at or after `offset`. */
function firstEndingAt(runs: readonly Run[], offset: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle]?.[1] ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
