/** ⑧ Everything that the page shows of one response, computed when it arrives: figures, chart and table add up. Pure. */
import type { Gaps } from './api-client.ts';
import { bandAt, bandsOf } from './bands.ts';
import type { Band } from './bands.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
import type { Standing, WhyUnread } from './knowledge.ts';
import { isCounted } from './knowledge.ts';
import type { Minutes } from './load-minutes.ts';
import { chartData, minuteSeries } from './series.ts';
import type { ChartData, Series, Span } from './series.ts';
import { unreadAreas } from './unread.ts';
import type { UnreadArea } from './unread.ts';

export interface ModelInput {
  readonly value: Minutes;
  /** At least those within the requested minutes. */
  readonly gaps: Gaps;
  /** Number of minutes that were requested: more than are shown. */
  readonly askedMinutes: number;
  readonly minutes: number;
  readonly average: number;
  readonly nowSec: number;
}

export interface Model {
  /** All minutes that were requested. */
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
  /** Why it is not known which minutes were read. */
  readonly unknownBecause: string | undefined;
}

export function buildModel(input: ModelInput): Model {
  const { value, gaps, askedMinutes, minutes, average, nowSec } = input;
  const { rows, knowledge } = value;
  const current = Math.floor(nowSec / 60) * 60;
  const from = current - (minutes - 1) * 60;
  const series = minuteSeries(rows, knowledge, current - (askedMinutes - 1) * 60, current);
  const bands = bandsOf(gaps);
  const isNearlyWhole = (minute: number): boolean => bandAt(bands, minute)?.kind === 'incomplete';
  const isShown = (band: Band): boolean => band.to > from && band.from <= current;
  const newest = series.standing.findLastIndex(
    (standing, at) => isCounted(standing) || series.total[at] !== null,
  );
  const inRange = series.total.slice(Math.max((from - series.first) / 60, 0));
  return {
    series,
    data: chartData(series, { from, average, isNearlyWhole }),
    span: { from, to: current + 60 },
    figures: figuresOf(series),
    countedTo: newest < 0 ? undefined : series.first + (newest + 1) * 60,
    allBands: bands,
    bands: bands.filter(isShown),
    gaps: gaps.filter(gap => bandsOf([gap]).some(isShown)),
    unread: unreadAreas(series, from),
    edits: inRange.reduce<number>((all, edits) => all + (edits ?? 0), 0),
    unknownBecause: knowledge.kind === 'unavailable' ? knowledge.message : undefined,
  };
}

/** The values of one minute. */
export interface Reading {
  readonly minute: number;
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

/** The minute at an index of the chart's columns; undefined outside. */
export function readingAt(model: Model, index: number): Reading | undefined {
  const minute = model.data.x[index];
  if (minute === undefined) return undefined;
  const reading = readingOf(model, minute);
  return reading && { ...reading, average: model.data.average[index] ?? undefined };
}

/** A minute that was requested, without its average; undefined for others. */
export function readingOf({ series, allBands, figures }: Model, minute: number): Reading | undefined {
  const at = (minute - series.first) / 60;
  const standing = series.standing[at];
  if (standing === undefined) return undefined;
  const total = series.total[at] ?? undefined;
  const band = bandAt(allBands, minute);
  return {
    minute,
    total,
    human: series.human[at] ?? undefined,
    bot: series.bot[at] ?? undefined,
    standing: standing.kind,
    why: standing.kind === 'unread' ? standing.why : undefined,
    gap: band && { kind: total === undefined ? 'no-data' : 'incomplete', causes: band.causes },
    average: undefined,
    isLastFull: minute === figures?.minute,
  };
}

/** The newest minute that has a count or was counted. */
export function newestReading(model: Model): Reading | undefined {
  return model.countedTo === undefined ? undefined : readingOf(model, model.countedTo - 60);
}

/** Index of the last full minute, else of the newest minute with a count; the last one when there is neither. */
export function restingIndex({ series, data, figures }: Model): number {
  const full = figures === undefined ? -1 : data.x.indexOf(figures.minute);
  if (full >= 0) return full;
  const start = series.total.length - data.x.length;
  const counted = data.x.findLastIndex((_, at) => (series.total[start + at] ?? null) !== null);
  return counted >= 0 ? counted : data.x.length - 1;
}
