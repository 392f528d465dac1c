/** ⑧ Sums of the range that is shown. Pure. */
import type { Model } from './model.ts';

export interface Totals {
  readonly total: number;
  readonly human: number;
  readonly bot: number;
  /** Minutes of which the counts are known. */
  readonly known: number;
  /** Minutes of the range that have begun. */
  readonly begun: number;
}

/** Of all buckets that are drawn: the first one may begin before the range. */
export function totalsOf({ series, data }: Pick<Model, 'series' | 'data'>): Totals {
  const start = series.total.length - data.x.length;
  const sum = (values: readonly (number | null)[]): number =>
    values.slice(start).reduce<number>((all, value) => all + (value ?? 0), 0);
  const lastMinutes = series.standing.length === 0 ? 0 : data.x.length * (series.stepSec / 60);
  return {
    total: sum(series.total),
    human: sum(series.human),
    bot: sum(series.bot),
    known: sum(series.known),
    begun: lastMinutes,
  };
}
