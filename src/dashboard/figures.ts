/** The figures above the chart: a wiki's last full minute, and the hour that ends with it. Pure. */
import type { Series } from './series.ts';

export interface Figures {
  /** The last full minute, epoch seconds. */
  readonly minute: number;
  readonly inMinute: number;
  /** Undefined when what was requested does not reach back an hour. */
  readonly hour: HourFigures | undefined;
}

export interface HourFigures {
  /** Epoch seconds, `to` excluded. */
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly human: number;
  readonly bot: number;
  /** Minutes without data, up to 59. */
  readonly unknown: number;
}

/** Undefined when no minute is full. */
export function figuresOf({ first, total, human, bot, standing }: Series): Figures | undefined {
  const last = standing.findLastIndex(({ kind }) => kind === 'full');
  const inMinute = total[last] ?? null;
  if (inMinute === null) return undefined;
  const minute = first + last * 60;
  const start = last - 59;
  if (start < 0) return { minute, inMinute, hour: undefined };
  const inHour = (values: Series['total']): Series['total'] => values.slice(start, last + 1);
  const hour: HourFigures = {
    from: minute - 59 * 60,
    to: minute + 60,
    total: sum(inHour(total)),
    human: sum(inHour(human)),
    bot: sum(inHour(bot)),
    unknown: inHour(total).filter(edits => edits === null).length,
  };
  return { minute, inMinute, hour };
}

function sum(values: Series['total']): number {
  return values.reduce<number>((all, edits) => all + (edits ?? 0), 0);
}
