/** The figures above the chart: a wiki's last whole minute and last whole hour. Pure. */
import type { Series } from './series.ts';

export interface Figures {
  /** The last whole minute, epoch seconds. */
  readonly minute: number;
  /** Undefined when the minute lies in a gap. */
  readonly inMinute: number | undefined;
  /** Undefined when the data does not reach back an hour, or the whole hour lies in a gap. */
  readonly hour: HourFigures | undefined;
}

interface HourFigures {
  readonly total: number;
  readonly bot: number;
  /** Minutes without data, up to 59. */
  readonly unknown: number;
}

/**
 * @param openFrom first minute that may still grow
 * @param knownFrom first minute that was requested: from there on, a minute without a row has no edits
 */
export function figuresOf(series: Series | undefined, openFrom: number, knownFrom: number): Figures {
  const minute = openFrom - 60;
  const hourStart = openFrom - 3_600;
  const inHour = between(series, 'total', hourStart, minute);
  const unknown = inHour.filter(edits => edits === null).length;
  const hour = { total: sum(inHour), bot: sum(between(series, 'bot', hourStart, minute)), unknown };
  const inMinute = between(series, 'total', minute, minute);
  return {
    minute,
    inMinute: inMinute[0] === null ? undefined : sum(inMinute),
    hour: hourStart >= knownFrom && unknown < 60 ? hour : undefined,
  };
}

type Values = Series['total'];

/** The values of those minutes that the series has. */
function between(series: Series | undefined, column: 'total' | 'bot', from: number, through: number): Values {
  if (series === undefined) return [];
  const start = Math.max((from - series.first) / 60, 0);
  const end = Math.max((through - series.first) / 60 + 1, 0);
  return series[column].slice(start, end);
}

function sum(values: Values): number {
  return values.reduce<number>((all, edits) => all + (edits ?? 0), 0);
}
