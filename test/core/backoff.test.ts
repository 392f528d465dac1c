/** Pauses between tries grow to a ceiling, are spread by jitter, and never get close to zero. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '../../src/core/backoff.ts';

const BACKOFF = { baseMs: 500, maxMs: 60_000 };

describe('backoffMs', () => {
  test('doubles from the base to the ceiling', () => {
    const pauses = [1, 2, 3, 7, 8, 9, 1_000, Number.MAX_SAFE_INTEGER].map(attempt =>
      backoffMs(BACKOFF, attempt, 1),
    );
    expect(pauses).toEqual([500, 1_000, 2_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  test('lies between half of the ceiling and the ceiling', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), random, (attempt, at) => {
        const ceiling = Math.min(60_000, 500 * 2 ** (attempt - 1));
        const pause = backoffMs(BACKOFF, attempt, at);
        expect(Number.isInteger(pause)).toBe(true);
        expect(pause).toBeGreaterThanOrEqual(ceiling / 2);
        expect(pause).toBeLessThanOrEqual(ceiling);
      }),
    );
  });

  test('uses all of that range', () => {
    expect([0, 0.5, 0.999_999].map(random => backoffMs(BACKOFF, 1, random))).toEqual([250, 375, 500]);
  });
});
