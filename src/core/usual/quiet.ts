/**
 * Whether an hour had far fewer edits than usual. A producer can stop while the offsets of its topic stay contiguous:
 * then no message is missing, and only what is usual says that something is wrong. Judged by what people edit: bots pause
 * and nothing is wrong.
 */
import { expectedCount } from './expectation.ts';
import { lowerTail } from './negative-binomial.ts';
import type { NotEnoughHistory, Usual, Window } from './usual.ts';

export type Quietness =
  /** `factor`: edits divided by `expected`, 0 to 0.5. */
  | { readonly kind: 'quiet'; readonly expected: number; readonly factor: number }
  | { readonly kind: 'as_usual'; readonly expected: number; readonly factor: number }
  /** Too few edits are expected to be missed. */
  | { readonly kind: 'too_small'; readonly expected: number }
  | NotEnoughHistory;

/** A wiki with fewer edits an hour can have a quiet hour by chance. */
const LEAST_HOURLY = 100;
const GREATEST_TAIL = 1e-6;
/** A holiday or a slow night has more than this of the usual. */
const GREATEST_FACTOR = 0.5;

/** @param usual of people's edits, of a wiki or of all together @param edits in the window, of which all minutes are known */
export function quietnessOf(usual: Usual, window: Window, edits: number): Quietness {
  const found = expectedCount(usual, window);
  if (found.kind === 'not_enough_history') return found;
  const expected = found.least;
  if (expected * 3_600 < LEAST_HOURLY * (window.to - window.from)) return { kind: 'too_small', expected };
  const factor = edits / expected;
  const isQuiet =
    factor < GREATEST_FACTOR &&
    lowerTail(edits, { mean: expected, dispersion: usual.dispersion(window.from) }) < GREATEST_TAIL;
  return { kind: isQuiet ? 'quiet' : 'as_usual', expected, factor };
}
