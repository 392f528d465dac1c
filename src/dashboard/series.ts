/**
 * ⑧ Turns rows of the API into what the page draws and lists. Pure: the clock is a parameter.
 *
 * The API returns only minutes with edits. A missing minute is 0 where it was counted, and null everywhere else: nothing
 * is known of it.
 */
import type { Edits } from './api-client.ts';
import { isCounted, standingsOf } from './knowledge.ts';
import type { Knowledge, Standing } from './knowledge.ts';

type Values = (number | null)[];

/** Consecutive minutes: `total[i]`, `human[i]`, `bot[i]` and `standing[i]` are of the minute `first + 60 * i`. */
export interface Series {
  /** Epoch second of the first minute. */
  readonly first: number;
  /** Null when there is no data. */
  readonly total: Readonly<Values>;
  readonly human: Readonly<Values>;
  readonly bot: Readonly<Values>;
  readonly standing: readonly Standing[];
}

/** Epoch second of an API time. */
function minuteOfRow(ts: string): number {
  return Date.parse(ts) / 1000;
}

/** The minutes from `first` to `through`, both included. */
export function minuteSeries(rows: Edits, knowledge: Knowledge, first: number, through: number): Series {
  const standing = standingsOf(knowledge, first, through);
  const column = (): Values => standing.map(each => (isCounted(each) ? 0 : null));
  const [total, human, bot] = [column(), column(), column()];
  for (const row of rows) {
    const at = (minuteOfRow(row.ts) - first) / 60;
    if (at < 0 || at >= standing.length) continue;
    total[at] = row.total;
    human[at] = row.human;
    bot[at] = row.bot;
  }
  return { first, total, human, bot, standing };
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

/** Columns for the chart, all of the same length. */
export interface ChartData {
  readonly x: number[];
  readonly total: Values;
  readonly human: Values;
  readonly bot: Values;
  readonly average: Values;
  /** Provisional and pending minutes, joined to the full one before them; drawn dashed. */
  readonly openTotal: Values;
  readonly openHuman: Values;
  readonly openBot: Values;
  /** Minutes that are being counted; drawn as hollow bars. */
  readonly soFar: Values;
}

export interface ChartRange {
  /** Minutes before this one are dropped, after the average has used them. */
  readonly from: number;
  /** Span of the moving average in minutes; 0 for none. */
  readonly average: number;
  /** Minutes whose count is all but complete although they are in a gap. */
  readonly isNearlyWhole: (minute: number) => boolean;
}

/** Cuts a series to the range, and separates minutes by how they are drawn. */
export function chartData(series: Series, { from, average, isNearlyWhole }: ChartRange): ChartData {
  const { first, total, human, bot, standing } = series;
  const start = Math.min(Math.max((from - first) / 60, 0), total.length);
  const kindAt = (at: number): Standing['kind'] | undefined => standing[at]?.kind;
  const pick = (values: Readonly<Values>, isDrawn: (at: number) => boolean): Values =>
    values.slice(start).map((value, at) => (isDrawn(start + at) ? value : null));
  const isOpen = (at: number): boolean => kindAt(at) === 'provisional' || kindAt(at) === 'pending';
  const isSolid = (at: number): boolean => !isOpen(at) && kindAt(at) !== 'counting';
  const isDashed = (at: number): boolean => isOpen(at) || (isSolid(at) && isOpen(at + 1));
  const isUsable = (at: number): boolean =>
    kindAt(at) === 'full' || isOpen(at) || (kindAt(at) === 'gap' && isNearlyWhole(first + at * 60));
  // A part of a minute would lower the average, and after the counted minutes nothing is known yet.
  const averaged =
    average > 0
      ? trailingAverage(
          total.map((value, at) => (isUsable(at) ? value : null)),
          average,
        ).map((value, at) => (kindAt(at) === 'counting' ? null : value))
      : total.map(() => null);
  return {
    x: total.slice(start).map((_, at) => first + (start + at) * 60),
    total: pick(total, isSolid),
    human: pick(human, isSolid),
    bot: pick(bot, isSolid),
    average: averaged.slice(start),
    openTotal: pick(total, isDashed),
    openHuman: pick(human, isDashed),
    openBot: pick(bot, isDashed),
    soFar: pick(total, at => kindAt(at) === 'counting'),
  };
}
