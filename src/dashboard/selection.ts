/** ⑧ What is known of the selected minutes. Pure. */
import type { Standing } from './knowledge.ts';
import { readingIn } from './model.ts';
import type { Model, Reading } from './model.ts';
import { comparisonOf } from './usual.ts';
import type { Comparison, Usual } from './usual.ts';
import type { Selection } from './url-state.ts';

export interface SelectionSummary {
  /** The buckets that are selected, [from, to) in epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly human: number;
  readonly bot: number;
  /** Minutes with a count, and minutes that are selected. */
  readonly known: number;
  readonly minutes: number;
  /** Minutes by what is known of them. */
  readonly standings: ReadonlyMap<Standing['kind'], number>;
  /** Undefined unless it is known for all that is selected. */
  readonly comparison: Comparison | undefined;
}

/** Undefined where the chart has nothing of what is selected. */
export function summaryOf(
  model: Model,
  usual: Usual | undefined,
  selection: Selection,
): SelectionSummary | undefined {
  const { stepSec } = model.series;
  const first = Math.floor(selection.from / stepSec) * stepSec;
  const readings = model.data.x
    .filter(start => start >= first && start < selection.to)
    .flatMap((start): Reading[] => {
      const reading = readingIn(model.series, model, start);
      return reading === undefined ? [] : [reading];
    });
  const [start, end] = [readings[0], readings.at(-1)];
  if (start === undefined || end === undefined) return undefined;
  const sum = (valueOf: (reading: Reading) => number | undefined): number =>
    readings.reduce((all, reading) => all + (valueOf(reading) ?? 0), 0);
  const standings = new Map<Standing['kind'], number>();
  for (const { standing } of readings) standings.set(standing, (standings.get(standing) ?? 0) + stepSec / 60);
  const comparisons = readings.flatMap(reading => comparisonOf(reading, usual) ?? []);
  return {
    from: start.minute,
    to: end.minute + stepSec,
    total: sum(({ total }) => total),
    human: sum(({ human }) => human),
    bot: sum(({ bot }) => bot),
    known: sum(({ known }) => known),
    minutes: (readings.length * stepSec) / 60,
    standings,
    comparison:
      comparisons.length < readings.length
        ? undefined
        : {
            edits: comparisons.reduce((all, { edits }) => all + edits, 0),
            usual: comparisons.reduce((all, one) => all + one.usual, 0),
          },
  };
}
