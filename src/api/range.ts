/** The range that the parameter `minutes` selects. */
import { minuteOf } from '../core/time.ts';
import { DEFAULT_MINUTES } from '../contracts/limits.ts';

/**
 * The first of the last `minutes` minutes, in epoch seconds. The current minute counts as one of them, so `minutes=1`
 * is the current minute.
 */
export function firstMinute(nowMs: number, minutes: number = DEFAULT_MINUTES): number {
  return minuteOf(nowMs / 1000) - (minutes - 1) * 60;
}

/** The end of the current minute, in epoch seconds: later ones are in the future. */
export function endOfMinute(nowMs: number): number {
  return minuteOf(nowMs / 1000) + 60;
}
