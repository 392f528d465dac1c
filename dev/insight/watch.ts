/** Runs the detector over the counts of one wiki, as a worker does: a look every five minutes, and one at each full hour. */
import type { Anomaly } from '../../src/core/usual/anomaly.ts';
import { next } from '../../src/core/usual/detect.ts';
import type { DetectorState, Subject } from '../../src/core/usual/detect.ts';
import { PastHours } from '../../src/core/usual/past-hours.ts';
import { quietnessOf } from '../../src/core/usual/quiet.ts';
import { lookAt } from '../../src/core/usual/readings.ts';
import { Usual } from '../../src/core/usual/usual.ts';
import type { Window } from '../../src/core/usual/usual.ts';
import { SLOT } from './counts.ts';

const HOUR = 3_600;

/**
 * The anomalies of a range.
 * @param counts from `begin` on: what is before the range is history
 */
export function watch(
  subject: Subject,
  counts: Uint32Array,
  begin: number,
  { from, to }: Window,
): readonly Anomaly[] {
  const countOf = summed(counts, begin);
  // The detector looks at the past alone, so it may be given all hours at once.
  const past = pastOf(countOf, begin, to);
  const found = new Map<string, Anomaly>();
  let usual = new Usual(past);
  let state: DetectorState = { kind: 'usual' };
  for (let at = from + SLOT; at <= to; at += SLOT) {
    const { state: after, effects } = next(state, lookAt(usual, at, countOf), subject);
    state = after;
    for (const { kind, anomaly } of effects) {
      found.set(anomaly.id, anomaly);
      if (kind === 'grow' && at % HOUR !== SLOT) continue;
      usual = new Usual(
        past,
        [...found.values()].map(({ from, to }) => ({ from, to: to ?? at })),
      );
    }
  }
  return [...found.values()];
}

/** The hours of a range that are called quiet when they are sealed, by their first epoch seconds. */
export function quietHoursOf(counts: Uint32Array, begin: number, { from, to }: Window): readonly number[] {
  const countOf = summed(counts, begin);
  const usual = new Usual(pastOf(countOf, begin, to));
  const quiet: number[] = [];
  for (let start = from; start < to; start += HOUR) {
    const hour = { from: start, to: start + HOUR };
    if (quietnessOf(usual, hour, countOf(hour)).kind === 'quiet') quiet.push(start);
  }
  return quiet;
}

function summed(counts: Uint32Array, begin: number): (window: Window) => number {
  const sums = new Float64Array(counts.length + 1);
  for (let slot = 0; slot < counts.length; slot++) sums[slot + 1] = (sums[slot] ?? 0) + (counts[slot] ?? 0);
  return ({ from, to }) => (sums[(to - begin) / SLOT] ?? 0) - (sums[(from - begin) / SLOT] ?? 0);
}

function pastOf(countOf: (window: Window) => number, begin: number, to: number): PastHours {
  return new PastHours(
    Array.from({ length: (to - begin) / HOUR }, (_, index) => {
      const start = begin + index * HOUR;
      return { start, value: countOf({ from: start, to: start + HOUR }), knownMinutes: 60 };
    }),
  );
}
