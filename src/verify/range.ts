/** Which hours a verification looks at. Pure. */
import { HOUR_MS, floorHourMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

/** Hours that begin in [fromMs, toMs). */
export interface HourRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly hours: readonly Hour[];
}

/** The whole hours that a stretch of time touches. */
export function hoursOf(stretch: { readonly fromMs: number; readonly toMs: number }): HourRange {
  const fromMs = floorHourMs(stretch.fromMs);
  const toMs = endOfHour(stretch.toMs - 1);
  const count = (toMs - fromMs) / HOUR_MS;
  const hours = Array.from({ length: count }, (_, i) =>
    new Date(fromMs + i * HOUR_MS).toISOString().slice(0, 13),
  );
  return { fromMs, toMs, hours };
}

/** The end of the hour that an instant lies in. */
export function endOfHour(ms: number): number {
  return floorHourMs(ms) + HOUR_MS;
}
