/** How many edits a range of time is expected to have, and within which band they usually are. */
import { HOUR_SECONDS } from '../series.ts';
import { quantile } from './negative-binomial.ts';
import { hourNumber } from './past-hours.ts';
import type { NotEnoughHistory, Usual, Window } from './usual.ts';

/** Edits that a window is expected to have; `most` and `least` allow for the hour's neighbours. */
export interface ExpectedCount {
  readonly kind: 'expected';
  readonly mean: number;
  /** What "unusually many" is compared with. */
  readonly most: number;
  /** What "unusually few" is compared with. */
  readonly least: number;
}

/** The same, with what varies about it. */
export interface Expected extends ExpectedCount {
  /** 99 in 100 counts lie between these two. */
  readonly low: number;
  readonly high: number;
  /** Variance divided by the mean. */
  readonly dispersion: number;
}

export type Expectation = Expected | NotEnoughHistory;

/** 99 in 100 of a normal distribution lie within this many standard deviations. */
const BAND = 2.5758;

/**
 * The count alone: cheaper, and enough to see that nothing is unusual.
 * @param asOf number of the hour before which one looks how busy today is; undefined: each hour before itself
 */
export function expectedCount(
  usual: Usual,
  { from, to }: Window,
  asOf?: number,
): ExpectedCount | NotEnoughHistory {
  let mean = 0;
  let most = 0;
  let least = 0;
  for (let hour = hourNumber(from); hour * HOUR_SECONDS < to; hour++) {
    const found = usual.hour(hour, asOf);
    if (found.kind === 'not_enough_history') return found;
    const start = hour * HOUR_SECONDS;
    const share = (Math.min(to, start + HOUR_SECONDS) - Math.max(from, start)) / HOUR_SECONDS;
    mean += found.mean * share;
    most += found.most * share;
    least += found.least * share;
  }
  return { kind: 'expected', mean, most, least };
}

/** What a window is expected to have, from the hours before it alone. */
export function expectationOf(usual: Usual, window: Window): Expectation {
  const expected = expectedCount(usual, window);
  if (expected.kind === 'not_enough_history') return expected;
  const dispersion = usual.dispersion(window.from);
  return {
    ...expected,
    low: quantile(-BAND, { mean: expected.least, dispersion }),
    high: quantile(BAND, { mean: expected.most, dispersion }),
    dispersion,
  };
}
