/** Compares offsets kept as runs with a plain set. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { OffsetRuns, sizeOf } from '../../src/verify/offset-runs.ts';

test('holes equal those of a plain set of the same offsets, in any order and with queries in between', () => {
  const offsets = fc.array(fc.oneof(fc.nat(40), fc.constant(-1)), { maxLength: 60 });
  fc.assert(
    fc.property(offsets, fc.nat(40), fc.nat(45), (steps, from, to) => {
      const runs = new OffsetRuns();
      const naive = new Set<number>();
      for (const step of steps) {
        // -1 is a query in between, which merges pending offsets.
        if (step < 0) runs.holes(0, 5);
        else {
          runs.add(step);
          naive.add(step);
        }
      }
      const missing: number[] = [];
      for (let offset = from; offset <= to; offset += 1) if (!naive.has(offset)) missing.push(offset);
      const holes = runs.holes(from, to);
      const listed = holes.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
      expect(listed).toEqual(missing);
      expect(sizeOf(holes)).toBe(missing.length);
      expect(sizeOf(runs.runs)).toBe(naive.size);
    }),
  );
});

test('a day of the stream takes a few runs, and a jump of billions costs nothing', () => {
  const runs = new OffsetRuns();
  for (let i = 0; i < 200_000; i += 1) runs.add(6_000_000_000 + ((i * 7919) % 200_000));
  runs.add(9_000_000_000);
  expect(runs.runs).toHaveLength(2);
  expect(runs.holes(6_000_000_000, 9_000_000_000)).toEqual([[6_000_200_000, 8_999_999_999]]);
});
