/**
 * ⑧ Turns rows of the API into what the chart draws. Pure: the clock is a parameter.
 *
 * The API returns only minutes with edits. Between the first and the last row or gap of a wiki, a missing minute is 0, or
 * null in a gap. Before and after, nothing is drawn, because nothing is known: the pipeline may have been off.
 */
import type { Edits } from './api-client.ts';
import type { Band } from './bands.ts';

type Values = (number | null)[];

/** Edits of consecutive minutes: `total[i]`, `human[i]` and `bot[i]` are of the minute `first + 60 * i`. */
export interface Series {
  /** Epoch second of the first minute. */
  readonly first: number;
  /** Null when there is no data. */
  readonly total: Readonly<Values>;
  readonly human: Readonly<Values>;
  readonly bot: Readonly<Values>;
  /** False in a gap, including the minutes at its edges, which were only partly counted. */
  readonly complete: readonly boolean[];
}

/** How long after its end a minute can still grow: flush interval plus lateness, both 5 minutes by default. */
const SETTLED_AFTER_SEC = 600;

/** Epoch second of an API time. */
export function minuteOfRow(ts: string): number {
  return Date.parse(ts) / 1000;
}

/** The newest minute with a row, up to the minute `through`. */
export function newestRow(rows: Edits, through: number): number | undefined {
  const newest = rows.findLast(row => minuteOfRow(row.ts) <= through);
  return newest === undefined ? undefined : minuteOfRow(newest.ts);
}

/**
 * Consecutive minutes from the first to the last row or gap, up to the minute `through`; undefined without any.
 * @param bands within the requested range
 */
export function fillMinutes(rows: Edits, through: number, bands: readonly Band[] = []): Series | undefined {
  const known = rows.filter(row => minuteOfRow(row.ts) <= through);
  const gaps = bands.filter(band => band.kind === 'no-data');
  const ends = [known.at(0), known.at(-1)].flatMap(row => (row === undefined ? [] : [minuteOfRow(row.ts)]));
  const edges = [...ends, ...gaps.flatMap(({ from, to }) => [from, to - 60])];
  if (edges.length === 0) return undefined;
  const first = Math.min(...edges);
  const length = (Math.max(...edges) - first) / 60 + 1;
  const columns = [0, 1, 2].map(() => Array<number | null>(length).fill(0));
  const [total = [], human = [], bot = []] = columns;
  const complete = Array<boolean>(length).fill(true);
  for (const { from, to } of gaps) {
    const indexes = [(from - first) / 60, (to - first) / 60] as const;
    for (const column of columns) column.fill(null, ...indexes);
    complete.fill(false, ...indexes);
  }
  for (const row of known) {
    const at = (minuteOfRow(row.ts) - first) / 60;
    total[at] = row.total;
    human[at] = row.human;
    bot[at] = row.bot;
  }
  return { first, total, human, bot, complete };
}

/**
 * First minute that may still grow. Gold is filled part by part, so its newest minute may be cut off anywhere. A minute is
 * whole once gold has a later one, or enough time has passed.
 * @param newest newest minute of gold, of any wiki; undefined while gold is empty
 */
export function firstOpenMinute(newest: number | undefined, nowSec: number): number {
  const current = Math.floor(nowSec / 60) * 60;
  if (newest === undefined) return current;
  const newestKnown = Math.min(newest, current);
  return nowSec - (newestKnown + 60) < SETTLED_AFTER_SEC ? newestKnown : newestKnown + 60;
}

/**
 * Trailing average: the mean of each minute and the `span - 1` before it. Null when any of them is null or before the
 * series, so that it always covers `span` minutes; and from `wholeCount` on, because a partial minute would lower it.
 */
export function trailingAverage(values: Readonly<Values>, span: number, wholeCount: number): Values {
  let sum = 0;
  let known = 0;
  return values.map((value, at) => {
    const leaving = values[at - span] ?? null;
    // The values are integers, so the running sum has no rounding error.
    sum += (value ?? 0) - (leaving ?? 0);
    known += (value === null ? 0 : 1) - (leaving === null ? 0 : 1);
    return known === span && at < wholeCount ? sum / span : null;
  });
}

/** The visible part of the time axis, epoch seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Minimum length of an axis that starts at the data. */
const MIN_SPAN_SEC = 15 * 60;

/**
 * The axis: the last `minutes` minutes, up to the end of the current one. When all data lies in the last third, as after
 * the pipeline's first start, the axis starts at the data instead of leaving two thirds blank.
 */
export function axisSpan(series: Series | undefined, minutes: number, nowSec: number): Span {
  const to = Math.floor(nowSec / 60) * 60 + 60;
  const from = to - minutes * 60;
  if (series === undefined || to - series.first > (to - from) / 3) return { from, to };
  return { from: Math.max(from, Math.min(series.first, to - MIN_SPAN_SEC)), to };
}

/** Columns for the chart, all of the same length. */
export interface ChartData {
  readonly x: number[];
  readonly total: Values;
  readonly human: Values;
  readonly bot: Values;
  readonly average: Values;
  /** Minutes that may still grow, joined to the last whole one; drawn dashed. */
  readonly openTotal: Values;
  readonly openHuman: Values;
  readonly openBot: Values;
}

export interface ChartRange {
  /** Minutes before this one are dropped, after the average has used them. */
  readonly from: number;
  /** First minute that may still grow. */
  readonly openFrom: number;
  /** Span of the moving average in minutes; 0 for none. */
  readonly average: number;
}

const NOTHING: Series = { first: 0, total: [], human: [], bot: [], complete: [] };

/** Cuts a series to the range and separates whole minutes from those that may still grow. */
export function chartData(series: Series | undefined, { from, openFrom, average }: ChartRange): ChartData {
  const { first, total, human, bot, complete } = series ?? NOTHING;
  const start = clamp((from - first) / 60, total.length);
  const whole = clamp((openFrom - first) / 60, total.length);
  const closed = (values: Readonly<Values>): Values =>
    values.slice(start).map((value, at) => (start + at < whole ? value : null));
  const open = (values: Readonly<Values>): Values =>
    values.slice(start).map((value, at) => (whole < values.length && start + at >= whole - 1 ? value : null));
  const usable = total.map((value, at) => (complete[at] === true ? value : null));
  const averaged = average > 0 ? trailingAverage(usable, average, whole) : total.map(() => null);
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
