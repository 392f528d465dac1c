/** The hours that a verification checks. Pure. */
import { HOUR_MS, floorHourMs } from '../core/time.ts';
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
  const count = (toMs - fromMs) / HOUR_MS;
  const hours = Array.from({ length: count }, (_, i) =>
    new Date(fromMs + i * HOUR_MS).toISOString().slice(0, 13),
  );
  return { fromMs, toMs, hours };
}

/** The end of the hour that contains an instant. */
export function endOfHour(ms: number): number {
  return floorHourMs(ms) + HOUR_MS;
}
