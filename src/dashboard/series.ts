/**
 * ⑧ Rows of the API to what the chart draws. Pure: the clock comes in as a number.
 *
 * The API answers only minutes that have edits. Between a wiki's first and last row a missing minute is 0; before
 * and after them nothing is drawn, because nothing is known: the pipeline may have been off. (Records of gaps will
 * come; their minutes will be null here, and the chart will say "no data".)
 */
import type { Edits } from '../api/schemas/edits.ts';

/** Edits of consecutive minutes: `total[i]`, `human[i]` and `bot[i]` are of the minute `first + 60 * i`. */
export interface Series {
  /** Epoch second of the first minute. */
  readonly first: number;
  readonly total: readonly number[];
  readonly human: readonly number[];
  readonly bot: readonly number[];
}

/** How long after its end a minute can still grow: a flush and the lateness, both 5 minutes by default. */
const SETTLED_AFTER_SEC = 600;

/** Epoch second of an API time. */
export function minuteOfRow(ts: string): number {
  return Date.parse(ts) / 1000;
}

/** Consecutive minutes from the first to the last row, not beyond the minute `through`; undefined without rows. */
export function fillMinutes(rows: Edits, through: number): Series | undefined {
  const known = rows.filter(row => minuteOfRow(row.ts) <= through);
  const [firstRow] = known;
  const lastRow = known.at(-1);
  if (firstRow === undefined || lastRow === undefined) return undefined;
  const first = minuteOfRow(firstRow.ts);
  const length = (minuteOfRow(lastRow.ts) - first) / 60 + 1;
  const total = Array<number>(length).fill(0);
  const human = Array<number>(length).fill(0);
  const bot = Array<number>(length).fill(0);
  for (const row of known) {
    const at = (minuteOfRow(row.ts) - first) / 60;
    total[at] = row.total;
    human[at] = row.human;
    bot[at] = row.bot;
  }
  return { first, total, human, bot };
}

/**
 * First minute that may still grow. Gold is filled part by part, so the newest minute that it holds is cut somewhere,
 * whatever the clock says; once a later minute is there, or enough time has passed, a minute is whole.
 * @param newest newest minute of gold, of any wiki; undefined while gold is empty
 */
export function firstOpenMinute(newest: number | undefined, nowSec: number): number {
  const current = Math.floor(nowSec / 60) * 60;
  if (newest === undefined) return current;
  const newestKnown = Math.min(newest, current);
  return nowSec - (newestKnown + 60) < SETTLED_AFTER_SEC ? newestKnown : newestKnown + 60;
}

/**
 * Trailing average: the mean of each minute and the `span - 1` before it. Null where the series does not reach back
 * far enough, and from `wholeCount` on, because half a minute would pull it down.
 */
export function trailingAverage(
  values: readonly number[],
  span: number,
  wholeCount: number,
): (number | null)[] {
  let sum = 0;
  return values.map((value, at) => {
    // Whole numbers: adding and taking away leaves no rounding behind.
    sum += value - (values[at - span] ?? 0);
    return at >= span - 1 && at < wholeCount ? sum / span : null;
  });
}

/** The part of the time axis that is shown, epoch seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Never less than this on the axis when it begins at the data. */
const LEAST_SPAN_SEC = 15 * 60;

/**
 * The axis: the last `minutes` minutes, up to the end of the current one. When all that is known lies in the last
 * third (a pipeline that has just started), the axis begins there instead of leaving two thirds blank.
 */
export function axisSpan(series: Series | undefined, minutes: number, nowSec: number): Span {
  const to = Math.floor(nowSec / 60) * 60 + 60;
  const from = to - minutes * 60;
  if (series === undefined || to - series.first > (to - from) / 3) return { from, to };
  return { from: Math.max(from, Math.min(series.first, to - LEAST_SPAN_SEC)), to };
}

type Values = (number | null)[];

/** Columns for the chart, all of the same length. */
export interface ChartData {
  readonly x: number[];
  readonly total: Values;
  readonly human: Values;
  readonly bot: Values;
  readonly average: Values;
  /** The minutes that still grow, joined to the last whole one: drawn apart. */
  readonly openTotal: Values;
  readonly openHuman: Values;
  readonly openBot: Values;
}

export interface ChartRange {
  /** Minutes before this one are dropped; the average has used them. */
  readonly from: number;
  /** First minute that may still grow. */
  readonly openFrom: number;
  /** Span of the moving average in minutes; 0 for none. */
  readonly average: number;
}

/** Cuts a series to the range and parts whole minutes from growing ones. */
export function chartData(series: Series | undefined, { from, openFrom, average }: ChartRange): ChartData {
  const { first, total, human, bot } = series ?? { first: from, total: [], human: [], bot: [] };
  const start = clamp((from - first) / 60, total.length);
  const whole = clamp((openFrom - first) / 60, total.length);
  const closed = (values: readonly number[]): Values =>
    values.slice(start).map((value, at) => (start + at < whole ? value : null));
  const open = (values: readonly number[]): Values =>
    values.slice(start).map((value, at) => (whole < values.length && start + at >= whole - 1 ? value : null));
  const averaged = average > 0 ? trailingAverage(total, average, whole) : total.map(() => null);
  return {
    x: total.slice(start).map((_, at) => first + (start + at) * 60),
    total: closed(total),
    human: closed(human),
    bot: closed(bot),
    average: averaged.slice(start),
    openTotal: open(total),
    openHuman: open(human),
    openBot: open(bot),
  };
}

function clamp(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length);
}
