/** Ranges of minutes: they cover every minute, and there are few, however scattered the minutes. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsMinute, minuteRanges } from '../../src/core/minute-ranges.ts';

const BASE = 1_763_632_800;
const MOST = 200;

describe('minuteRanges', () => {
  test.each([
    ['no minutes', [], []],
    ['one', [0], [[0, 0]]],
    ['neighbours', [2, 0, 1], [[0, 2]]],
    ['repeated ones', [1, 1, 0, 0], [[0, 1]]],
    ['a gap of five minutes, which is merged', [0, 5], [[0, 5]]],
    [
      'a gap of six minutes, which is not',
      [6, 0],
      [
        [0, 0],
        [6, 6],
      ],
    ],
    [
      'two ranges',
      [61, 0, 1, 60],
      [
        [0, 1],
        [60, 61],
      ],
    ],
  ])('of %s', (_, minutes, ranges) => {
    const at = (minute: number): number => BASE + 60 * minute;
    expect(minuteRanges(minutes.map(at))).toEqual(ranges.map(range => range.map(at)));
  });

  const minute = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 10_000 }).map(at => BASE + 60 * at) },
    // Anything that a `meta.dt` can express.
    { weight: 1, arbitrary: fc.integer({ min: -144_000_000_000, max: 144_000_000_000 }).map(at => 60 * at) },
  );

  test('cover every minute with few ascending ranges that start and end at given minutes', () => {
    fc.assert(
      fc.property(fc.array(minute, { maxLength: 3_000, size: 'max' }), minutes => {
        const ranges = minuteRanges(minutes);
        const given = new Set(minutes);
        expect(minutes.every(each => holdsMinute(ranges, each))).toBe(true);
        expect(ranges.length).toBeLessThanOrEqual(MOST);
        expect(ranges.every(([from, to]) => from <= to && given.has(from) && given.has(to))).toBe(true);
        expect(ranges.every(([from], at) => at === 0 || from - (ranges[at - 1]?.[1] ?? 0) > 300)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('merge no more than necessary: two hundred ranges stay separate', () => {
    const scattered = Array.from({ length: MOST }, (_, i) => BASE + 360 * i);
    expect(minuteRanges(scattered)).toEqual(scattered.map(each => [each, each]));
    expect(minuteRanges([...scattered, BASE + 360 * MOST]).length).toBeLessThanOrEqual(MOST);
  });

  test('do not modify the given minutes', () => {
    const minutes = [BASE + 60, BASE];
    minuteRanges(minutes);
    expect(minutes).toEqual([BASE + 60, BASE]);
  });
});

describe('holdsMinute', () => {
  test('includes both ends of a range', () => {
    const ranges = [
      [0, 60],
      [600, 600],
    ] as const;
    const held = [-60, 0, 60, 120, 540, 600, 660].filter(each => holdsMinute(ranges, each));
    expect(held).toEqual([0, 60, 600]);
    expect(holdsMinute([], 0)).toBe(false);
  });
});
