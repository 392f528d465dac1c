/** ⑧ What is drawn over the chart of a wiki, or in place of it: other wikis, or the same wiki a week ago. Pure. */
import { secondOf } from '../core/time.ts';
import type { SeriesAnswer } from './api-client.ts';
import type { Model } from './model.ts';
import type { Values } from './series.ts';

export type Overlay =
  | {
      readonly kind: 'compare';
      /** The wiki of the page first. */
      readonly lines: readonly ComparedLine[];
    }
  | {
      readonly kind: 'week-ago';
      /** Edits a minute in the buckets of the chart. */
      readonly values: Values;
      /** The same edits, as sums, by the buckets of the chart. */
      readonly totals: ReadonlyMap<number, number>;
    };

export interface ComparedLine {
  readonly wiki: string;
  readonly name: string;
  /** Undefined until there is an answer, and for a wiki that nobody has heard of. */
  readonly model: Model | undefined;
  readonly isUnknown: boolean;
  /** What is drawn in the buckets of the chart. */
  readonly values: Values;
}

export const WEEK_SEC = 7 * 86_400;

/** Edits a minute of a wiki in the buckets of the chart; null where nothing is known, or is still being counted. */
export function ratesOf({ series }: Model, x: readonly number[]): Values {
  const { first, stepSec, total, known, standing } = series;
  return x.map(start => {
    const at = (start - first) / stepSec;
    const edits = total[at] ?? null;
    // What is only a part would look like a fall.
    if (edits === null || standing[at]?.kind === 'counting') return null;
    return edits / Math.max(known[at] ?? 1, 1);
  });
}

/** The same line with an average of 100, so that wikis of any size can be compared; as it is where there is nothing. */
export function indexed(values: Values): Values {
  const drawn = values.filter(value => value !== null);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  if (!(mean > 0)) return values;
  return values.map(value => (value === null ? null : (value / mean) * 100));
}

/** A series of a week ago, moved to the buckets of the chart. */
export function weekAgo(
  { from, stepSec, wikis: [columns] }: SeriesAnswer,
  x: readonly number[],
): Extract<Overlay, { kind: 'week-ago' }> {
  const first = secondOf(from) + WEEK_SEC;
  const totals = new Map<number, number>();
  const values = x.map(start => {
    const at = (start - first) / stepSec;
    const [human, known] = [columns?.human[at] ?? null, columns?.known[at] ?? 0];
    if (human === null || known === 0) return null;
    const total = human + (columns?.bot[at] ?? 0);
    totals.set(start, total);
    return total / known;
  });
  return { kind: 'week-ago', values, totals };
}
