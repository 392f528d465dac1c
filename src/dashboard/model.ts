/** ⑧ Everything that the page shows of one response, computed when it arrives: figures, chart and table add up. Pure. */
import { minutesToAsk } from './api-client.ts';
import type { Gaps } from './api-client.ts';
import { bandAt, bandsOf, clipBands } from './bands.ts';
import type { Band } from './bands.ts';
import { minuteOf } from '../core/time.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
import type { Standing, WhyUnread } from './knowledge.ts';
import { isCounted } from './knowledge.ts';
import { foldMinutes, joinSeries } from './fold.ts';
import type { Minutes } from './load-minutes.ts';
import { chartData, minuteSeries } from './series.ts';
import type { ChartData, Series, Span } from './series.ts';
import { unreadAreas } from './unread.ts';
import type { UnreadArea } from './unread.ts';

export interface ModelInput {
  readonly value: Minutes;
  /** At least those within the requested minutes. */
  readonly gaps: Gaps;
  readonly minutes: number;
  /** Where a frozen range ends, epoch seconds; absent: the current minute is the last. */
  readonly end?: number | undefined;
  readonly average: number;
  readonly nowSec: number;
}

export interface Model {
  /** The newest minutes: at least those of the figures. */
  readonly newest: Series;
  /** What is drawn: minutes, or buckets whose end is summed up from the newest minutes. */
  readonly series: Series;
  readonly data: ChartData;
  /** The axis: what the reader asked for. */
  readonly span: Span;
  /** Undefined when no minute is full. */
  readonly figures: Figures | undefined;
  /** End of the newest minute that has a count or was counted; undefined without any. */
  readonly countedTo: number | undefined;
  /** Gaps that overlap the minutes shown. */
  readonly bands: readonly Band[];
  /** The gaps that they stand for. More minutes are requested than are shown, so there may be others. */
  readonly gaps: Gaps;
  /** Gaps of all minutes that were requested. */
  readonly allBands: readonly Band[];
  /** Where nobody looked, within the minutes shown. */
  readonly unread: readonly UnreadArea[];
  /** Edits in the minutes shown. */
  readonly edits: number;
  /** Whether anything is known of the minutes shown. */
  readonly isCounted: boolean;
  /** Why it is not known which minutes were read. */
  readonly unknownBecause: string | undefined;
}

export function buildModel({ value, gaps, minutes, end, average, nowSec }: ModelInput): Model {
  const { rows, knowledge, buckets } = value;
  const to = end ?? minuteOf(nowSec) + 60;
  const from = to - minutes * 60;
  const current = Math.min(to, minuteOf(nowSec) + 60) - 60;
  const firstAsked = to - minutesToAsk(minutes) * 60;
  const first = buckets === undefined ? firstAsked : Date.parse(buckets.rest.from) / 1000;
  const newest = minuteSeries(rows, knowledge, first, current);
  const series =
    buckets === undefined ? newest : joinSeries(buckets.series, foldMinutes(newest, buckets.series.stepSec));
  const bands = bandsOf(gaps);
  const isNearlyWhole = (minute: number): boolean => bandAt(bands, minute)?.kind === 'incomplete';
  const isShown = (band: Band): boolean => band.to > from && band.from <= current;
  const last = newest.standing.findLastIndex(
    (standing, at) => isCounted(standing) || newest.total[at] !== null,
  );
  const inRange = series.total.slice(Math.max(Math.floor((from - series.first) / series.stepSec), 0));
  return {
    newest,
    series,
    data: chartData(series, { from, average, isNearlyWhole }),
    span: { from, to },
    figures: figuresOf(newest),
    countedTo: last < 0 ? undefined : newest.first + (last + 1) * 60,
    allBands: bands,
    bands: bands.filter(isShown),
    gaps: gaps.filter(gap => bandsOf([gap]).some(isShown)),
    unread: unreadAreas(series, from),
    edits: inRange.reduce<number>((all, edits) => all + (edits ?? 0), 0),
    isCounted: inRange.some(edits => edits !== null),
    unknownBecause: knowledge.kind === 'unavailable' ? knowledge.message : undefined,
  };
}

/** The values of one minute, or of one bucket. */
export interface Reading {
  /** Where it begins, epoch seconds. */
  readonly minute: number;
  readonly stepSec: number;
  /** How many of its minutes are known. */
  readonly known: number;
  /** Undefined when there is no data; then `human` and `bot` are undefined too. */
  readonly total: number | undefined;
  readonly human: number | undefined;
  readonly bot: number | undefined;
  readonly standing: Standing['kind'];
  /** Why nobody looked, if nobody did. */
  readonly why: WhyUnread | undefined;
  /** Set when data of the minute is missing. */
  readonly gap: Pick<Band, 'kind' | 'causes'> | undefined;
  /** Undefined when there is no average. */
  readonly average: number | undefined;
  /** The minute is the last full one. */
  readonly isLastFull: boolean;
}

/** What the chart shows at an index of its columns; undefined outside. */
export function readingAt(model: Model, index: number): Reading | undefined {
  const minute = model.data.x[index];
  if (minute === undefined) return undefined;
  const reading = readingIn(model.series, model, minute);
  return reading && { ...reading, average: model.data.average[index] ?? undefined };
}

/** One of the newest minutes, without its average; undefined for others. */
export function readingOf(model: Model, minute: number): Reading | undefined {
  return readingIn(model.newest, model, minute);
}

/** A minute or bucket of a series, by where it begins. */
export function readingIn(
  series: Series,
  { allBands, figures }: Pick<Model, 'allBands' | 'figures'>,
  minute: number,
): Reading | undefined {
  const { stepSec } = series;
  const at = (minute - series.first) / stepSec;
  const standing = series.standing[at];
  if (standing === undefined) return undefined;
  const total = series.total[at] ?? undefined;
  const band =
    stepSec === 60
      ? bandAt(allBands, minute)
      : clipBands(allBands, minute, minute + stepSec).find(({ kind }) => kind === 'no-data');
  return {
    minute,
    stepSec,
    known: series.known[at] ?? 0,
    total,
    human: series.human[at] ?? undefined,
    bot: series.bot[at] ?? undefined,
    standing: standing.kind,
    why: standing.kind === 'unread' ? standing.why : undefined,
    gap: band && { kind: total === undefined ? 'no-data' : 'incomplete', causes: band.causes },
    average: undefined,
    isLastFull: stepSec === 60 && minute === figures?.minute,
  };
}

/** The newest minute that has a count or was counted. */
export function newestReading(model: Model): Reading | undefined {
  return model.countedTo === undefined ? undefined : readingOf(model, model.countedTo - 60);
}

/** Index of the last full minute, else of the newest bucket with a count; the last one when there is neither. */
export function restingIndex({ series, data, figures }: Model): number {
  const full = figures === undefined ? -1 : data.x.findLastIndex(at => at <= figures.minute);
  if (full >= 0) return full;
  const start = series.total.length - data.x.length;
  const counted = data.x.findLastIndex((_, at) => (series.total[start + at] ?? null) !== null);
  return counted >= 0 ? counted : data.x.length - 1;
}
