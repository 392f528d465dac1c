/** Gaps are joined where they belong together, and always become few enough for a record. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FoundGap } from '../../src/core/gaps.ts';
import { joinGaps } from '../../src/core/join-gaps.ts';

const TIME = Date.parse('2026-11-20T10:00:00Z');
const MINUTE = 60_000;
const gap = (from: number, to: number, change: Partial<FoundGap> = {}): FoundGap => ({
  cause: 'offsets',
  topic: 'eqiad',
  fromMs: TIME + from,
  toMs: TIME + to,
  missing: 1,
  ...change,
});

describe('gaps are joined', () => {
  test('when they touch or overlap, in any order', () => {
    expect(joinGaps([gap(5 * MINUTE, 7 * MINUTE), gap(0, 5 * MINUTE), gap(6 * MINUTE, 9 * MINUTE)])).toEqual([
      gap(0, 9 * MINUTE, { missing: 3 }),
    ]);
  });

  test('when one ends in the minute in which the next begins', () => {
    expect(joinGaps([gap(0, MINUTE), gap(2 * MINUTE - 1, 3 * MINUTE), gap(4 * MINUTE, 5 * MINUTE)])).toEqual([
      gap(0, 3 * MINUTE, { missing: 2 }),
      gap(4 * MINUTE, 5 * MINUTE),
    ]);
  });

  test('but not with those of another cause, topic or partition', () => {
    const gaps = [
      gap(0, 1),
      gap(0, 1, { cause: 'retention' }),
      gap(0, 1, { topic: 'codfw' }),
      gap(0, 1, { partition: 1 }),
      { cause: 'retention', fromMs: TIME, toMs: TIME + 1 } as const,
    ];
    expect(joinGaps(gaps)).toEqual(gaps);
  });

  test('without a number when one of them has none', () => {
    const { missing: _, ...unknown } = gap(1, 2);
    expect(joinGaps([gap(0, 1), unknown])).toEqual([{ ...unknown, fromMs: TIME }]);
  });
});

test('whatever the gaps, at most 500 remain; they cover the same and more, and the messages add up', () => {
  const any = fc.record({
    cause: fc.constantFrom('offsets' as const, 'retention' as const),
    topic: fc.oneof(fc.constantFrom('eqiad', 'codfw'), fc.nat({ max: 2_000 }).map(String)),
    partition: fc.constantFrom(1, 2),
    fromMs: fc.nat({ max: 10 ** 12 }),
    lengthMs: fc.nat({ max: 10 * MINUTE }),
    missing: fc.nat({ max: 9 }),
  });
  const gaps = fc
    .array(any, { maxLength: 3_000, size: 'max' })
    .map(all => all.map(({ lengthMs, ...each }): FoundGap => ({ ...each, toMs: each.fromMs + lengthMs })));
  fc.assert(
    fc.property(gaps, all => {
      const joined = joinGaps(all);
      const sum = (some: readonly FoundGap[]): number =>
        some.reduce((total, { missing = 0 }) => total + missing, 0);
      expect(joined.length).toBeLessThanOrEqual(500);
      expect(sum(joined)).toBe(sum(all));
      const isCovered = ({ cause, fromMs, toMs }: FoundGap): boolean =>
        joined.some(other => other.cause === cause && other.fromMs <= fromMs && toMs <= other.toMs);
      expect(all.filter(each => !isCovered(each))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
