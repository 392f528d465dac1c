/** The figures above the chart: the last whole minute and the last whole hour of a wiki. Pure. */
import type { Series } from './series.ts';

export interface Figures {
  /** The last whole minute, epoch seconds. */
  readonly minute: number;
  readonly inMinute: number;
  /** Undefined when the answer does not reach back an hour. */
  readonly hour: { readonly total: number; readonly bot: number } | undefined;
}

/**
 * @param openFrom first minute that may still grow
 * @param knownFrom first minute that was asked for: from there on a minute without a row has no edits
 */
export function figuresOf(series: Series | undefined, openFrom: number, knownFrom: number): Figures {
  const minute = openFrom - 60;
  const hourStart = openFrom - 3_600;
  const hour = { total: sum(series, 'total', hourStart, minute), bot: sum(series, 'bot', hourStart, minute) };
  return {
    minute,
    inMinute: sum(series, 'total', minute, minute),
    hour: hourStart >= knownFrom ? hour : undefined,
  };
}

function sum(series: Series | undefined, column: 'total' | 'bot', from: number, through: number): number {
  if (series === undefined) return 0;
  const start = Math.max((from - series.first) / 60, 0);
  const end = Math.max((through - series.first) / 60 + 1, 0);
  return series[column].slice(start, end).reduce((all, edits) => all + edits, 0);
}
