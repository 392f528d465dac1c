/** ⑧ Everything that the page shows of one answer, computed at once when it comes. Pure. */
import type { Edits } from '../api/schemas/edits.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
import { axisSpan, chartData, fillMinutes, firstOpenMinute, minuteOfRow } from './series.ts';
import type { ChartData, Span } from './series.ts';

export interface ModelInput {
  readonly rows: Edits;
  /** Minutes that the rows were asked for: more than are shown. */
  readonly askedMinutes: number;
  readonly minutes: number;
  readonly average: number;
  /** Newest minute of gold as `status` gives it. */
  readonly lastMinute: string | undefined;
  readonly nowSec: number;
}

export interface Model {
  readonly data: ChartData;
  readonly span: Span;
  readonly figures: Figures;
  /** First minute that may still grow. */
  readonly openFrom: number;
  /** Newest minute that gold is known to hold; undefined when it is not known to hold any. */
  readonly newest: number | undefined;
}

export function buildModel(input: ModelInput): Model {
  const { rows, askedMinutes, minutes, average, lastMinute, nowSec } = input;
  const current = Math.floor(nowSec / 60) * 60;
  const series = fillMinutes(rows, current);
  const ends = [
    ...(series === undefined ? [] : [series.first + (series.total.length - 1) * 60]),
    ...(lastMinute === undefined ? [] : [Math.min(minuteOfRow(lastMinute), current)]),
  ];
  const newest = ends.length > 0 ? Math.max(...ends) : undefined;
  const openFrom = firstOpenMinute(newest, nowSec);
  const from = current - (minutes - 1) * 60;
  return {
    data: chartData(series, { from, openFrom, average }),
    span: axisSpan(series, minutes, nowSec),
    figures: figuresOf(series, openFrom, current - (askedMinutes - 1) * 60),
    openFrom,
    newest,
  };
}

/** What the chart says about one minute. */
export interface Reading {
  readonly minute: number;
  readonly total: number;
  readonly human: number;
  readonly bot: number;
  /** Undefined where there is no average. */
  readonly average: number | undefined;
  /** The minute may still grow. */
  readonly open: boolean;
  /** The minute is the last whole one. */
  readonly lastWhole: boolean;
}

/** The minute at an index of the chart's columns; undefined outside. */
export function readingAt({ data, openFrom }: Model, index: number): Reading | undefined {
  const minute = data.x[index];
  if (minute === undefined) return undefined;
  return {
    minute,
    total: data.total[index] ?? data.openTotal[index] ?? 0,
    human: data.human[index] ?? data.openHuman[index] ?? 0,
    bot: data.bot[index] ?? data.openBot[index] ?? 0,
    average: data.average[index] ?? undefined,
    open: minute >= openFrom,
    lastWhole: minute === openFrom - 60,
  };
}

/** Index of the last whole minute, or of the only, growing one; -1 when nothing is drawn. */
export function restingIndex({ data, openFrom }: Model): number {
  const firstOpen = data.x.findIndex(minute => minute >= openFrom);
  return firstOpen > 0 ? firstOpen - 1 : data.x.length - 1;
}
