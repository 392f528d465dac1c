/** Compares the latest 5, 15 and 60 minutes of a wiki with what is usual. */
import { factorOf } from './anomaly.ts';
import type { Counted } from './anomaly.ts';
import { expectedCount } from './expectation.ts';
import { upperTail } from './negative-binomial.ts';
import { hourNumber } from './past-hours.ts';
import type { Usual, Window } from './usual.ts';

/** Lengths of the windows, seconds. All end at multiples of the first. */
export const LOOK_SECONDS = 300;
const CALM_WINDOW = 900;
const LONGEST_WINDOW = 3_600;
const WINDOW_SECONDS = [LOOK_SECONDS, CALM_WINDOW, LONGEST_WINDOW] as const;

/** What one look finds. */
export type Look =
  /** `unusual`: these windows, from short to long. */
  | {
      readonly kind: 'unusual';
      readonly at: number;
      readonly latest: Counted | undefined;
      readonly unusual: readonly Counted[];
    }
  /** The last 15 minutes are above twice the usual. */
  | { readonly kind: 'raised'; readonly at: number; readonly latest: Counted | undefined }
  /** The last 15 minutes are about usual. */
  | {
      readonly kind: 'calm';
      readonly at: number;
      readonly latest: Counted | undefined;
      readonly calm: Counted;
    }
  /** The last 15 minutes are not known, or have nothing to be compared with. */
  | { readonly kind: 'unknown'; readonly at: number };

/** Edits of a window; undefined where not all of it is known. */
export type CountOf = (window: Window) => number | undefined;

/** Below this excess, "many times the usual" is a handful of edits. */
const LEAST_FACTOR = 3;
const LEAST_EXCESS = 30;
/** A wiki with fewer edits an hour needs a larger excess. */
const LEAST_HOURLY = 20;
const LEAST_EXCESS_OF_SMALL = 100;
/** Measured, not calculated: windows overlap, and counts of hours have longer tails than any distribution says. */
const GREATEST_TAIL = 1e-6;
/** An anomaly lasts while there are twice as many as usual, and more than a handful of edits too many. */
const RAISED_FACTOR = 2;
const RAISED_EXCESS = 5;

/** @param at epoch seconds, a multiple of five minutes: the windows end here */
export function lookAt(usual: Usual, at: number, countOf: CountOf): Look {
  // What begins within the last hour must not make today a busy day.
  const asOf = hourNumber(at - LONGEST_WINDOW);
  const counted = WINDOW_SECONDS.flatMap(length =>
    readWindow(usual, { from: at - length, to: at }, asOf, countOf),
  );
  const latest = counted.find(({ from }) => from === at - LOOK_SECONDS);
  const calm = counted.find(({ from, ...window }) => from === at - CALM_WINDOW && !isRaised(window));
  // The last hour still contains what is over.
  const current = calm === undefined ? counted : counted.filter(({ from }) => from > calm.from);
  const unusual = current.filter(window => isUnusual(usual, window));
  if (unusual.length > 0) return { kind: 'unusual', at, latest, unusual };
  if (calm !== undefined) return { kind: 'calm', at, latest, calm };
  return counted.some(({ from }) => from === at - CALM_WINDOW)
    ? { kind: 'raised', at, latest }
    : { kind: 'unknown', at };
}

function readWindow(usual: Usual, window: Window, asOf: number, countOf: CountOf): readonly Counted[] {
  const edits = countOf(window);
  if (edits === undefined) return [];
  const expected = expectedCount(usual, window, asOf);
  return expected.kind === 'expected' ? [{ ...window, edits, expected: expected.most }] : [];
}

/** Whether a window has so many edits that it cannot be chance, and that a person would care. */
function isUnusual(usual: Usual, { from, to, edits, expected }: Counted): boolean {
  const excess = edits - expected;
  if (excess < LEAST_EXCESS || factorOf({ edits, expected }) < LEAST_FACTOR) return false;
  const hourly = (expected * 3_600) / (to - from);
  if (hourly < LEAST_HOURLY && excess < LEAST_EXCESS_OF_SMALL) return false;
  // Last, because these look at eight weeks.
  return (
    excess > usual.usualExcess(from) &&
    upperTail(edits, { mean: expected, dispersion: usual.dispersion(from) }) < GREATEST_TAIL
  );
}

function isRaised({ edits, expected }: Pick<Counted, 'edits' | 'expected'>): boolean {
  return edits >= RAISED_FACTOR * expected && edits - expected >= RAISED_EXCESS;
}
