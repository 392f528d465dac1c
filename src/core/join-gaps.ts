/**
 * Joins gaps that belong together, so that a stream with a hole at every second message has one gap, not thousands:
 * gaps of one partition and cause that touch, or of which one ends in the minute in which the next begins.
 */
import type { FoundGap } from './gaps.ts';
import { partitionName } from './stream-cursor.ts';
import { MINUTE_MS } from './time.ts';

/** Gaps that one record may have. Beyond this, gaps that are further apart are joined too. */
const MOST_GAPS = 500;

/** The gaps, joined: at most 500, in the order in which their partitions first appear, then by time. */
export function joinGaps(gaps: readonly FoundGap[]): FoundGap[] {
  let joined = joinWithin(gaps, MINUTE_MS);
  for (let withinMs = 2 * MINUTE_MS; joined.length > MOST_GAPS; withinMs *= 2) {
    joined = joinWithin(joined, withinMs);
    // Too many partitions: only what and when is left to say.
    if (withinMs > LONGEST_MS) return joinWithin(joined.map(anywhere), Number.POSITIVE_INFINITY);
  }
  return joined;
}

/** Longer than any stream. */
const LONGEST_MS = 2 ** 42;

function joinWithin(gaps: readonly FoundGap[], withinMs: number): FoundGap[] {
  const groups = new Map<string, FoundGap[]>();
  for (const gap of gaps) {
    const group = groups.get(placeOf(gap));
    if (group === undefined) groups.set(placeOf(gap), [gap]);
    else group.push(gap);
  }
  return [...groups.values()].flatMap(group => joinOfOne(group, withinMs));
}

function joinOfOne(gaps: readonly FoundGap[], withinMs: number): FoundGap[] {
  const joined: FoundGap[] = [];
  for (const gap of gaps.toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs)) {
    const last = joined.at(-1);
    if (last !== undefined && isNear(last.toMs, gap.fromMs, withinMs)) joined.splice(-1, 1, union(last, gap));
    else joined.push(gap);
  }
  return joined;
}

function isNear(toMs: number, fromMs: number, withinMs: number): boolean {
  return fromMs <= toMs || Math.floor(fromMs / withinMs) === Math.floor(toMs / withinMs);
}

function union({ missing: a, ...gap }: FoundGap, { missing: b, toMs }: FoundGap): FoundGap {
  return {
    ...gap,
    toMs: Math.max(gap.toMs, toMs),
    // Where one of them has no number, their sum has none.
    ...(a !== undefined && b !== undefined && { missing: a + b }),
  };
}

function anywhere({ cause, fromMs, toMs, missing }: FoundGap): FoundGap {
  return { cause, fromMs, toMs, ...(missing !== undefined && { missing }) };
}

function placeOf({ cause, topic, partition }: FoundGap): string {
  if (topic === undefined) return cause;
  return `${cause} ${partitionName({ topic, ...(partition !== undefined && { partition }) })}`;
}
