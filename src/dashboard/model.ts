/** ⑧ Everything that the page shows of one answer, computed at once when it comes. Pure. */
import type { Edits } from '../api/schemas/edits.ts';
import type { Gaps } from '../api/schemas/gaps.ts';
import { bandAt, bandsOf, clipBands } from './bands.ts';
import type { Band } from './bands.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
import { axisSpan, chartData, fillMinutes, firstOpenMinute, minuteOfRow, newestRow } from './series.ts';
import type { ChartData, Span } from './series.ts';

export interface ModelInput {
  readonly rows: Edits;
  /** At least those of the minutes that are asked for. */
  readonly gaps: Gaps;
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
  /** Gaps that reach into the minutes that are shown. */
  readonly bands: readonly Band[];
  /** Whether a minute that is shown has a row. */
  readonly hasEdits: boolean;
}

export function buildModel(input: ModelInput): Model {
  const { rows, gaps, askedMinutes, minutes, average, lastMinute, nowSec } = input;
  const current = Math.floor(nowSec / 60) * 60;
  const askedFrom = current - (askedMinutes - 1) * 60;
  const bands = bandsOf(gaps);
  const series = fillMinutes(rows, current, clipBands(bands, askedFrom, current + 60));
  const lastRow = newestRow(rows, current);
  const ends = [
    ...(lastRow === undefined ? [] : [lastRow]),
    ...(lastMinute === undefined ? [] : [Math.min(minuteOfRow(lastMinute), current)]),
  ];
  const newest = ends.length > 0 ? Math.max(...ends) : undefined;
  const openFrom = firstOpenMinute(newest, nowSec);
  const from = current - (minutes - 1) * 60;
  return {
    data: chartData(series, { from, openFrom, average }),
    span: axisSpan(series, minutes, nowSec),
    figures: figuresOf(series, openFrom, askedFrom),
    openFrom,
    newest,
    bands: bands.filter(band => band.to > from && band.from <= current),
    hasEdits: lastRow !== undefined && lastRow >= from,
  };
}

/** What the chart says about one minute. */
export interface Reading {
  readonly minute: number;
  /** Undefined where there is no data; so are the others then. */
  readonly total: number | undefined;
  readonly human: number | undefined;
  readonly bot: number | undefined;
  /** What is missing of the minute. */
  readonly gap: Pick<Band, 'kind' | 'causes'> | undefined;
  /** Undefined where there is no average. */
  readonly average: number | undefined;
  /** The minute may still grow. */
  readonly open: boolean;
  /** The minute is the last whole one. */
  readonly lastWhole: boolean;
}

/** The minute at an index of the chart's columns; undefined outside. */
export function readingAt({ data, openFrom, bands }: Model, index: number): Reading | undefined {
  const minute = data.x[index];
  if (minute === undefined) return undefined;
  const total = data.total[index] ?? data.openTotal[index] ?? undefined;
  const band = bandAt(bands, minute);
  return {
    minute,
    total,
    human: data.human[index] ?? data.openHuman[index] ?? undefined,
    bot: data.bot[index] ?? data.openBot[index] ?? undefined,
    gap: band && { kind: total === undefined ? 'no-data' : 'incomplete', causes: band.causes },
    average: data.average[index] ?? undefined,
    open: minute >= openFrom,
    lastWhole: minute === openFrom - 60,
  };
}

/** Index of the last whole minute, else of the newest with a count; -1 when there is none. */
export function restingIndex({ data, openFrom }: Model): number {
  const firstOpen = data.x.findIndex(minute => minute >= openFrom);
  if (firstOpen > 0) return firstOpen - 1;
  return data.x.findLastIndex((_, at) => (data.total[at] ?? data.openTotal[at] ?? null) !== null);
}
