/** Minutes of an hour in which the stream was not read from beginning to end. */
import { HOUR_MS, MINUTE_MS, hourStartMs } from './time.ts';
import type { Hour } from './time.ts';

export interface ReadStretch {
  /** Whether the hour was audited. Without an audit, the stream counts as read except for its gaps. */
  readonly isAudited: boolean;
  /** Absent in an audited hour: the stream was not read at all. */
  readonly readFrom?: Date | undefined;
  readonly readTo?: Date | undefined;
  /** Gaps of the stream in epoch seconds: start, end, start, end, … */
  readonly gaps: readonly number[];
}

/** The minutes (first epoch seconds) that are not completely known. */
export function openMinutes(hour: Hour, { isAudited, readFrom, readTo, gaps }: ReadStretch): number[] {
  const startMs = hourStartMs(hour) ?? 0;
  const endMs = startMs + HOUR_MS;
  const [fromMs, toMs] = isAudited
    ? [readFrom?.getTime() ?? endMs, readTo?.getTime() ?? startMs]
    : [startMs, endMs];
  const minutes: number[] = [];
  for (let ms = startMs; ms < endMs; ms += MINUTE_MS) {
    const isRead = ms >= fromMs && ms + MINUTE_MS <= toMs;
    const hasGap = gaps.some((edge, i) => {
      const end = gaps[i + 1];
      return i % 2 === 0 && end !== undefined && edge * 1000 < ms + MINUTE_MS && end * 1000 > ms;
    });
    if (!isRead || hasGap) minutes.push(ms / 1000);
  }
  return minutes;
}
