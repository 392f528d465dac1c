/** The state of buckets: that of their worst minute. */
import type { Segment } from './segments.ts';
import { worseOf } from './standing.ts';
import type { State } from './standing.ts';

/** Adjoining buckets. */
export interface Buckets {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** By bucket; undefined where no minute of it has begun. Minutes that have not begun do not count. */
export function bucketStates(
  segments: readonly Segment[],
  { fromMs, stepMs, count }: Buckets,
): (State | undefined)[] {
  const states = Array.from({ length: count }, (): State | undefined => undefined);
  for (const segment of segments) {
    const first = Math.max(0, Math.floor((segment.fromMs - fromMs) / stepMs));
    const end = Math.min(count, Math.ceil((segment.toMs - fromMs) / stepMs));
    for (let at = first; at < end; at += 1) {
      const known = states[at];
      states[at] = known === undefined ? segment.state : worseOf(known, segment.state);
    }
  }
  return states;
}
