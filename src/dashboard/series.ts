/**
 * ⑧ Turns what the API answers into what the page draws and lists: minutes, or buckets of them. Pure: the clock is a
 * parameter.
 *
 * A minute without edits is 0 where it was counted, and null everywhere else: nothing is known of it. A bucket is the sum
 * of its known minutes, and null where there is none.
 */
import { isCounted, standingsOf } from './knowledge.ts';
import type { Knowledge, Standing } from './knowledge.ts';
import type { MinuteRow } from './load-minutes.ts';

export type Values = (number | null)[];

/** Consecutive buckets: `total[i]`, `human[i]` … are of the one that begins at `first + stepSec * i`. */
export interface Series {
  /** Epoch second of the first bucket. */
  readonly first: number;
  /** 60: the buckets are minutes. */
  readonly stepSec: number;
  /** Edits; null when there is no data. */
  readonly total: Readonly<Values>;
  readonly human: Readonly<Values>;
  readonly bot: Readonly<Values>;
  /** Edits in the quietest and in the busiest known minute. */
  readonly min: Readonly<Values>;
  readonly max: Readonly<Values>;
  /** How many minutes are known. */
  readonly known: readonly number[];
  readonly standing: readonly Standing[];
}

/** The minutes from `first` to `through`, both included. */
export function minuteSeries(
  rows: readonly MinuteRow[],
  knowledge: Knowledge,
  first: number,
  through: number,
): Series {
  const standing = standingsOf(knowledge, first, through);
  const column = (): Values => standing.map(each => (isCounted(each) ? 0 : null));
  const [total, human, bot] = [column(), column(), column()];
  for (const row of rows) {
    const at = (Date.parse(row.ts) / 1000 - first) / 60;
    if (at < 0 || at >= standing.length) continue;
    total[at] = row.total;
    human[at] = row.human;
    bot[at] = row.bot;
  }
  const known = total.map(edits => (edits === null ? 0 : 1));
  return { first, stepSec: 60, total, human, bot, min: total, max: total, known, standing };
}

/**
 * Trailing average: the mean of the known ones of each minute and the `span - 1` before it. Null where more than half of
 * them are null or before the series.
 */
export function trailingAverage(values: Readonly<Values>, span: number): Values {
  let sum = 0;
  let known = 0;
  return values.map((value, at) => {
    const leaving = values[at - span] ?? null;
    // The values are integers, so the running sum has no rounding error.
    sum += (value ?? 0) - (leaving ?? 0);
    known += (value === null ? 0 : 1) - (leaving === null ? 0 : 1);
    return 2 * known >= span ? sum / known : null;
  });
}

/** The visible part of the time axis, epoch seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Columns for the chart, all of the same length, in edits a minute. */
export interface ChartData {
  readonly x: number[];
  readonly stepSec: number;
  readonly total: Values;
  readonly human: Values;
  readonly bot: Values;
  readonly average: Values;
  /** Provisional and pending buckets; drawn dashed. */
  readonly openTotal: Values;
  readonly openHuman: Values;
  readonly openBot: Values;
  /** Buckets that are being counted; drawn as hollow bars. */
  readonly soFar: Values;
  /** Edits in the quietest and the busiest minute of each bucket; null where buckets are minutes. */
  readonly min: Values;
  readonly max: Values;
}

export interface ChartRange {
  /** Buckets that end before this second are dropped, after the average has used them. */
  readonly from: number;
  /** Span of the moving average in minutes; 0 for none. */
  readonly average: number;
  /** Minutes whose count is all but complete although they are in a gap. */
  readonly isNearlyWhole: (minute: number) => boolean;
}

export const NO_DATA: ChartData = {
  x: [],
  stepSec: 60,
  total: [],
  human: [],
  bot: [],
  average: [],
  openTotal: [],
  openHuman: [],
  openBot: [],
  soFar: [],
  min: [],
  max: [],
};

/** Cuts a series to the range, and separates buckets by how they are drawn. */
export function chartData(series: Series, { from, average, isNearlyWhole }: ChartRange): ChartData {
  const { first, stepSec, standing, known } = series;
  const start = Math.min(Math.max(Math.floor((from - first) / stepSec), 0), standing.length);
  const aMinute = (values: Readonly<Values>): Readonly<Values> =>
    stepSec === 60 ? values : values.map((edits, at) => (edits === null ? null : edits / (known[at] ?? 1)));
  const [total, human, bot] = [aMinute(series.total), aMinute(series.human), aMinute(series.bot)];
  const kindAt = (at: number): Standing['kind'] | undefined => standing[at]?.kind;
  const pick = (values: Readonly<Values>, isDrawn: (at: number) => boolean): Values =>
    values.slice(start).map((value, at) => (isDrawn(start + at) ? value : null));
  const isOpen = (at: number): boolean => kindAt(at) === 'provisional' || kindAt(at) === 'pending';
  const isSolid = (at: number): boolean => !isOpen(at) && kindAt(at) !== 'counting';
  const isUsable = (at: number): boolean =>
    kindAt(at) === 'full' || isOpen(at) || (kindAt(at) === 'gap' && isNearlyWhole(first + at * 60));
  // A part of a minute would lower the average, and after the counted minutes nothing is known yet.
  const averaged =
    average > 0 && stepSec === 60
      ? trailingAverage(
          total.map((value, at) => (isUsable(at) ? value : null)),
          average,
        ).map((value, at) => (kindAt(at) === 'counting' ? null : value))
      : total.map(() => null);
  const hasRange = (at: number): boolean => stepSec > 60 && kindAt(at) !== 'counting';
  return {
    x: total.slice(start).map((_, at) => first + (start + at) * stepSec),
    stepSec,
    total: pick(total, isSolid),
    human: pick(human, isSolid),
    bot: pick(bot, isSolid),
    average: averaged.slice(start),
    openTotal: pick(total, isOpen),
    openHuman: pick(human, isOpen),
    openBot: pick(bot, isOpen),
    soFar: pick(total, at => kindAt(at) === 'counting'),
    min: pick(series.min, hasRange),
    max: pick(series.max, hasRange),
  };
}
