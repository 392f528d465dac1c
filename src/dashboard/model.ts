/** ⑧ Everything that the page shows of one response, computed when it arrives. Pure. */
import type { Edits, Gaps } from './api-client.ts';
import { bandAt, bandsOf, clipBands } from './bands.ts';
import type { Band } from './bands.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';
import { axisSpan, chartData, fillMinutes, firstOpenMinute, minuteOfRow, newestRow } from './series.ts';
import type { ChartData, Span } from './series.ts';

export interface ModelInput {
  readonly rows: Edits;
  /** At least those within the requested minutes. */
  readonly gaps: Gaps;
  /** Number of minutes that were requested: more than are shown. */
  readonly askedMinutes: number;
  readonly minutes: number;
  readonly average: number;
  /** Newest minute of gold, from `status`. */
  readonly lastMinute: string | undefined;
  readonly nowSec: number;
}

export interface Model {
  readonly data: ChartData;
  readonly span: Span;
  readonly figures: Figures;
  /** First minute that may still grow. */
  readonly openFrom: number;
  /** Newest minute known to be in gold; undefined when none is known. */
  readonly newest: number | undefined;
  /** Gaps that overlap the minutes shown. */
  readonly bands: readonly Band[];
  /** Whether any minute shown has a row. */
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

/** The values of one minute. */
export interface Reading {
  readonly minute: number;
  /** Undefined when there is no data; then `human` and `bot` are undefined too. */
  readonly total: number | undefined;
  readonly human: number | undefined;
  readonly bot: number | undefined;
  /** Set when data of the minute is missing. */
  readonly gap: Pick<Band, 'kind' | 'causes'> | undefined;
  /** Undefined when there is no average. */
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

/** Index of the last whole minute, else of the newest minute with a count; -1 when there is neither. */
export function restingIndex({ data, openFrom }: Model): number {
  const firstOpen = data.x.findIndex(minute => minute >= openFrom);
  if (firstOpen > 0) return firstOpen - 1;
  return data.x.findLastIndex((_, at) => (data.total[at] ?? data.openTotal[at] ?? null) !== null);
}
