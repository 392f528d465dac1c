/** Up to where a series is complete. */
import type { Segment } from './segments.ts';
import { floorMinuteMs } from './spans.ts';

/**
 * The end of the last minute such that everything up to it is final, or provisional and behind the watermark; undefined
 * when already the first minute is neither.
 */
export function completeThrough(segments: readonly Segment[], watermarkMs: number): number | undefined {
  let throughMs: number | undefined;
  for (const { state, fromMs, toMs } of segments) {
    const endMs =
      state === 'final'
        ? toMs
        : state === 'provisional'
          ? Math.min(toMs, floorMinuteMs(watermarkMs))
          : fromMs;
    if (endMs > fromMs) throughMs = endMs;
    if (endMs < toMs) break;
  }
  return throughMs;
}
