/** Hours of a made-up wiki. */
import { PastHours } from '../../../src/core/usual/past-hours.ts';
import type { HourCount } from '../../../src/core/usual/past-hours.ts';
import { Usual } from '../../../src/core/usual/usual.ts';
import type { Window } from '../../../src/core/usual/usual.ts';

export const HOUR = 3_600;
export const WEEK = 168 * HOUR;
/** A Monday, 00:00 UTC. */
export const MONDAY = Date.UTC(2026, 9, 5) / 1000;

/** Every hour of the weeks before MONDAY. @param countOf edits of the hour that begins at a second; null: not known */
export function weeksBefore(
  weeks: number,
  countOf: (start: number) => number | null,
  end: number = MONDAY,
): readonly HourCount[] {
  const hours: HourCount[] = [];
  for (let start = MONDAY - weeks * WEEK; start < end; start += HOUR) {
    const value = countOf(start);
    hours.push({ start, value, knownMinutes: value === null ? 0 : 60 });
  }
  return hours;
}

/** Has the same number of edits every hour, in nine weeks and until `end`. */
export function steady(hourly: number, end?: number, unusual: readonly Window[] = []): Usual {
  return new Usual(new PastHours(weeksBefore(9, () => hourly, end)), unusual);
}
