/** What the parameter `minutes` means. */
import { minuteOf } from '../core/time.ts';
import { DEFAULT_MINUTES } from '../contracts/limits.ts';

/**
 * The first of the last `minutes` minutes, epoch seconds. The current minute counts as one of them, so that
 * `minutes=1` is what is happening now.
 */
export function firstMinute(nowMs: number, minutes: number = DEFAULT_MINUTES): number {
  return minuteOf(nowMs / 1000) - (minutes - 1) * 60;
}
