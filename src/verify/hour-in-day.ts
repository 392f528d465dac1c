/** Compares what the object of a finished day has of an hour, which charts of long ranges are drawn from, with the hour. Pure. */
import type { Hour } from '../core/time.ts';
import type { HourSnapshot } from '../gold/snapshot.ts';
import { errorOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { RowSums, compareRows } from './hour-rows.ts';
import { allSumsDifference } from './hour-sums.ts';

/** No finding where the day does not stand in for the hour. */
export function dayFindings(hour: Hour, { rows, ofDay }: Pick<HourSnapshot, 'rows' | 'ofDay'>): Finding[] {
  if (ofDay === undefined) return [];
  const expected = new RowSums();
  expected.add(rows);
  const differing = compareRows(expected, ofDay.rows);
  const [first] = differing;
  const problem =
    first === undefined
      ? ofDay.sums && allSumsDifference(rows, ofDay.sums)
      : `${differing.length} rows, the first of ${first.wiki} at ${first.tsMinute}`;
  if (problem === undefined) return [];
  const day = hour.slice(0, 10);
  const message = `${ofDay.key} is not what ${hour} has: ${problem}`;
  const advice = `Delete the object, and have it made from its hours again: temporal workflow start --type compactDay --task-queue wikigauge --workflow-id compact-${day} --input '{"day":"${day}"}'`;
  return [errorOf(['sums', 'day_differs'], ofDay.key, message, advice)];
}
