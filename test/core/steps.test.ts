/** Buckets have round edges in UTC, contain what was asked, and are as fine as their number allows. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AUTO_BUCKETS, STEPS, STEP_SECONDS, autoStep, bucketsOf, finestStep } from '../../src/core/steps.ts';

const at = (text: string): number => Date.parse(text) / 1000;
const DAY = 86_400;

describe('bucketsOf', () => {
  test('has edges at full hours in UTC', () => {
    expect(bucketsOf(at('2026-11-20T10:05:00Z'), at('2026-11-20T12:00:01Z'), '1h')).toEqual({
      stepSec: 3_600,
      from: at('2026-11-20T10:00:00Z'),
      to: at('2026-11-20T13:00:00Z'),
      count: 3,
    });
  });

  test('has edges at midnight in UTC', () => {
    expect(bucketsOf(at('2026-11-20T10:05:00+09:00'), at('2026-11-21T00:00:00Z'), '1d')).toMatchObject({
      from: at('2026-11-20T00:00:00Z'),
      count: 1,
    });
  });

  test('contains the range and nothing but the buckets that it touches', () => {
    const second = fc.integer({ min: 979_516_800, max: 2_000_000_000 });
    const check = (from: number, length: number, step: (typeof STEPS)[number]): void => {
      const buckets = bucketsOf(from, from + length, step);
      const { stepSec } = buckets;
      expect(stepSec).toBe(STEP_SECONDS[step]);
      expect([buckets.from % stepSec, buckets.to % stepSec]).toEqual([0, 0]);
      expect(buckets.to - buckets.from).toBe(buckets.count * stepSec);
      expect(buckets.from).toBeLessThanOrEqual(from);
      expect(buckets.from).toBeGreaterThan(from - stepSec);
      expect(buckets.to).toBeGreaterThanOrEqual(from + length);
      expect(buckets.to).toBeLessThan(from + length + stepSec);
    };
    fc.assert(fc.property(second, fc.integer({ min: 1, max: 400 * DAY }), fc.constantFrom(...STEPS), check));
  });
});

describe('autoStep', () => {
  test.each([
    ['three hours', 3 * 3_600, '1m'],
    ['ten hours', 600 * 60, '1m'],
    ['a minute more', 601 * 60, '5m'],
    ['a day', DAY, '5m'],
    ['a week', 7 * DAY, '1h'],
    ['60 days', 60 * DAY, '1d'],
    ['ten years', 3_653 * DAY, '1d'],
  ])('of %s', (_, length, step) => {
    const from = at('2026-11-01T00:00:00Z');
    expect(autoStep(from, from + length)).toBe(step);
  });

  test('gives at most 600 buckets within 599 days, and no finer step does', () => {
    const check = (from: number, length: number): void => {
      const step = autoStep(from, from + length);
      expect(bucketsOf(from, from + length, step).count).toBeLessThanOrEqual(AUTO_BUCKETS);
      for (const finer of STEPS.slice(0, STEPS.indexOf(step)))
        expect(bucketsOf(from, from + length, finer).count).toBeGreaterThan(AUTO_BUCKETS);
    };
    const second = fc.integer({ min: 979_516_800, max: 2_000_000_000 });
    fc.assert(fc.property(second, fc.integer({ min: 1, max: 599 * DAY }), check));
  });
});

test('there is no step for a range that even days divide into too many buckets', () => {
  const from = at('2026-11-01T00:00:00Z');
  expect(finestStep(from, from + 10 * DAY, 10)).toBe('1d');
  expect(finestStep(from, from + 10 * DAY + 1, 10)).toBeUndefined();
});
