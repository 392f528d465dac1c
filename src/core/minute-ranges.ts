/** Sets of minutes, stored as ranges to keep records small. */

/** First and last minute (epoch seconds, inclusive) of a range in which events were sent (`meta.dt`). */
export type MinuteRange = readonly [from: number, to: number];

/** Most ranges of one object. More are merged with their neighbours, which costs only some needless look-ups. */
const MAX_RANGES = 200;
const MINUTE = 60;

/** The minutes (epoch seconds, any order) as ascending ranges. Ranges up to five minutes apart are merged. */
export function minuteRanges(minutes: Iterable<number>): MinuteRange[] {
  const sorted = [...minutes].sort((a, b) => a - b);
  let ranges = joinGaps(
    sorted.map(minute => [minute, minute] as const),
    5 * MINUTE,
  );
  for (let gap = 10 * MINUTE; ranges.length > MAX_RANGES; gap *= 2) ranges = joinGaps(ranges, gap);
  return ranges;
}

function joinGaps(ranges: readonly MinuteRange[], gapSeconds: number): MinuteRange[] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && from - last[1] <= gapSeconds) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Whether any of the ranges contains the minute. */
export function holdsMinute(ranges: readonly MinuteRange[], minute: number): boolean {
  return ranges.some(([from, to]) => from <= minute && minute <= to);
}
