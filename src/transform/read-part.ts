/** The part of an hour in which the stream was read, for its audit. Pure. */
import { joinSpans } from '../core/coverage/spans.ts';
import type { ReadRanges } from '../core/coverage/read-ranges.ts';
import { HOUR_MS, hourStartMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

/**
 * Epoch ms; undefined when it was not read at all. It ends where reading has come to: ingest may have stopped in the
 * middle of the hour. Where records do not say how far, as those of earlier versions, it ends with the hour, or now.
 * @param startedMs when reading of the stream first started; undefined when the hour has no part that says it
 * @param reads of the hour. A rebuild counts bronze, so it does not matter which of them gold has.
 */
export function readPartOf(
  hour: Hour,
  startedMs: number | undefined,
  { read, pending }: ReadRanges,
  nowMs: number,
): readonly [fromMs: number, toMs: number] | undefined {
  const startMs = hourStartMs(hour) ?? 0;
  const endMs = startMs + HOUR_MS;
  const known = joinSpans([...read, ...pending]).filter(
    range => range.fromMs < endMs && range.toMs > startMs,
  );
  const firstMs = startedMs ?? known[0]?.fromMs;
  if (firstMs === undefined || firstMs >= endMs) return undefined;
  const fromMs = Math.max(startMs, firstMs);
  return [fromMs, Math.max(fromMs, Math.min(endMs, known.at(-1)?.toMs ?? endMs, nowMs))];
}
