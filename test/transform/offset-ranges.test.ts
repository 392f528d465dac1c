import { expect, test } from 'vitest';
import { OffsetRanges } from '../../src/transform/offset-ranges.ts';

test('has the lowest and highest offset of each partition, and how many events carry one', () => {
  const ranges = new OffsetRanges();
  for (const offset of [5_000_000_007, 5_000_000_003, 5_000_000_010]) ranges.add({ topic: 'b', offset });
  ranges.add({ topic: 'a', partition: 2, offset: 4 });
  ranges.add({ topic: 'a', offset: 0 });
  ranges.add({ topic: 'a', offset: undefined });
  ranges.add({ topic: 'a', offset: -1 });
  ranges.add(undefined);
  expect(ranges.all).toEqual([
    { topic: 'a', partition: 0, first: 0, last: 0, events: 1 },
    { topic: 'a', partition: 2, first: 4, last: 4, events: 1 },
    { topic: 'b', partition: 0, first: 5_000_000_003, last: 5_000_000_010, events: 3 },
  ]);
});

test('is bounded, whatever topics lines name', () => {
  const ranges = new OffsetRanges();
  for (let nth = 0; nth < 1_000; nth += 1) ranges.add({ topic: `t${nth}`, offset: 1 });
  ranges.add({ topic: 't0', offset: 9 });
  expect(ranges.all).toHaveLength(100);
  expect(ranges.all[0]).toEqual({ topic: 't0', partition: 0, first: 1, last: 9, events: 2 });
});
