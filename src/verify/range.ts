/** The hours that a verification checks. Pure. */
import { HOUR_MS, floorHourMs, hoursBetween } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

/** The hours that begin in [fromMs, toMs). */
export interface HourRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly hours: readonly Hour[];
}

/** The whole hours that a time range touches. */
export function hoursOf(range: { readonly fromMs: number; readonly toMs: number }): HourRange {
  const fromMs = floorHourMs(range.fromMs);
  const toMs = endOfHour(range.toMs - 1);
  return { fromMs, toMs, hours: hoursBetween(fromMs, toMs) };
}

/** The end of the hour that contains an instant. */
export function endOfHour(ms: number): number {
  return floorHourMs(ms) + HOUR_MS;
}
