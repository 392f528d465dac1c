/** Tails of the negative binomial distribution, against scipy and against sums of the probabilities themselves. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lowerTail, quantile, upperTail } from '../../../src/core/usual/negative-binomial.ts';
import { TABLE } from './negative-binomial-table.ts';

/** Adds up the probabilities of 0 to `count`, and of what is beyond. */
function exact(count: number, mean: number, dispersion: number): { upper: number; lower: number } {
  const size = mean / (dispersion - 1);
  const terms: number[] = [];
  let term = dispersion ** -size;
  for (let k = 0; k < count + 5_000; k++) {
    terms.push(term);
    term *= ((1 - 1 / dispersion) * (size + k)) / (k + 1);
  }
  // From small to large, so that small ones are not lost.
  const sum = (from: number, to: number): number =>
    terms
      .slice(from, to)
      .sort((a, b) => a - b)
      .reduce((total, each) => total + each, 0);
  return { upper: sum(count, terms.length), lower: sum(0, count + 1) };
}

/** Relative difference; probabilities below what a double can tell apart are equal. */
function apart(a: number, b: number): number {
  return Math.max(a, b) < 1e-290 ? 0 : Math.abs(a - b) / Math.max(a, b);
}

describe('tails', () => {
  test('are those of scipy, from one edit in twenty hours to a million an hour', () => {
    const worst = { upper: 0, lower: 0 };
    for (const [mean, dispersion, count, upper, lower] of TABLE) {
      worst.upper = Math.max(worst.upper, apart(upperTail(count, { mean, dispersion }), upper));
      worst.lower = Math.max(worst.lower, apart(lowerTail(count, { mean, dispersion }), lower));
    }
    expect(worst.upper).toBeLessThan(1e-6);
    expect(worst.lower).toBeLessThan(1e-6);
  });

  test('are the sums of the probabilities', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 120, noNaN: true }),
        fc.double({ min: 1.5, max: 30, noNaN: true }),
        fc.integer({ min: 0, max: 600 }),
        (mean, dispersion, count) => {
          const sums = exact(count, mean, dispersion);
          expect(apart(upperTail(count, { mean, dispersion }), sums.upper)).toBeLessThan(1e-7);
          expect(apart(lowerTail(count, { mean, dispersion }), sums.lower)).toBeLessThan(1e-7);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('stay between 0 and 1, and fall or rise with the count, for any mean', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e7, noNaN: true }),
        fc.double({ min: 1.5, max: 5_000, noNaN: true }),
        fc.integer({ min: 0, max: 20_000_000 }),
        (mean, dispersion, count) => {
          const [upper, more] = [count, count + 1].map(each => upperTail(each, { mean, dispersion }));
          const [lower, rising] = [count, count + 1].map(each => lowerTail(each, { mean, dispersion }));
          for (const tail of [upper, more, lower, rising]) {
            expect(tail).toBeGreaterThanOrEqual(0);
            expect(tail).toBeLessThanOrEqual(1);
          }
          expect((more ?? 0) - (upper ?? 0)).toBeLessThan(1e-8);
          expect((lower ?? 0) - (rising ?? 0)).toBeLessThan(1e-8);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of nothing expected are certain', () => {
    const nothing = { mean: 0, dispersion: 1.5 };
    expect([upperTail(0, nothing), upperTail(1, nothing), lowerTail(0, nothing)]).toEqual([1, 0, 1]);
  });
});

describe('a quantile', () => {
  test.each([0.2, 1, 7, 40, 99, 101, 900, 30_000, 2_000_000])(
    'of mean %d has as much below it as asked',
    mean => {
      for (const dispersion of [1.5, 4, 20]) {
        const of = { mean, dispersion };
        const [low, high] = [quantile(-2.5758, of), quantile(2.5758, of)];
        // A band of counts cannot be more exact than one count, nor the approximation than a few in a thousand.
        const slack = 2 + 0.005 * mean;
        expect(lowerTail(Math.floor(low - slack), of)).toBeLessThan(0.005);
        expect(lowerTail(Math.ceil(low + slack), of)).toBeGreaterThan(0.005);
        expect(upperTail(Math.ceil(high + slack), of)).toBeLessThan(0.005);
        expect(upperTail(Math.floor(high - slack), of)).toBeGreaterThan(0.005);
      }
    },
  );

  test('of nothing expected is 0', () => {
    expect(quantile(2.5758, { mean: 0, dispersion: 2 })).toBe(0);
  });
});
