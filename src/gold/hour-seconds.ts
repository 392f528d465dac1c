/** The bounds of an hour in epoch seconds, the unit of `ts_minute`. */
import { HOUR_MS, hourStartMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

/** First second of the hour, and of the next one. @throws Error when the text is not an hour */
export function hourSeconds(hour: Hour): readonly [from: number, to: number] {
  const startMs = hourStartMs(hour);
  if (startMs === undefined) throw new Error(`${hour} is not an hour such as 2026-11-20T10`);
  return [startMs / 1000, (startMs + HOUR_MS) / 1000];
}
