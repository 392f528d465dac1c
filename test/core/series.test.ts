/** Buckets of minutes, compared with the plainest way to count them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeriesFold, outsideHours, totalsOfHour } from '../../src/core/series.ts';
import type { MinuteTotals, SecondRange, SeriesColumns } from '../../src/core/series.ts';
import { STEPS, bucketsOf } from '../../src/core/steps.ts';
import type { Buckets } from '../../src/core/steps.ts';

const START = Date.UTC(2026, 10, 20, 10) / 1000;

function minute(at: number, human: number, bot = 0, bytes = 0): MinuteTotals {
  return { minute: START + 60 * at, human, bot, bytes };
}

function series(
  buckets: Buckets,
  rows: readonly MinuteTotals[],
  known: readonly SecondRange[] = [],
): SeriesColumns {
  const fold = new SeriesFold(buckets, known);
  fold.add(rows);
  return fold.columns();
}

/** Looks at every minute on its own. */
function oracle(
  { from, count, stepSec }: Buckets,
  rows: readonly MinuteTotals[],
  known: readonly SecondRange[],
): SeriesColumns {
  const seconds = new Set(
    known.flatMap(([start, end]) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)),
  );
  const isKnown = (at: number): boolean =>
    rows.some(row => row.minute === at) ||
    Array.from({ length: 60 }, (_, i) => at + i).every(s => seconds.has(s));
  const buckets = Array.from({ length: count }, (_, bucket) =>
    Array.from({ length: stepSec / 60 }, (_, i) => from + bucket * stepSec + i * 60)
      .filter(isKnown)
      .map(at => rows.find(row => row.minute === at) ?? { minute: at, human: 0, bot: 0, bytes: 0 }),
  );
  const sum = (value: (row: MinuteTotals) => number): (number | null)[] =>
    buckets.map(of => (of.length === 0 ? null : of.reduce((total, row) => total + value(row), 0)));
  const edits = (of: readonly MinuteTotals[]): number[] => of.map(({ human, bot }) => human + bot);
  return {
    human: sum(row => row.human),
    bot: sum(row => row.bot),
    bytes: sum(row => row.bytes),
    min: buckets.map(of => (of.length === 0 ? null : Math.min(...edits(of)))),
    max: buckets.map(of => (of.length === 0 ? null : Math.max(...edits(of)))),
    known: buckets.map(of => of.length),
  };
}

describe('a bucket', () => {
  const hour = bucketsOf(START, START + 600, '5m');

  test('is the sum of its known minutes, with the quietest and the busiest of them', () => {
    const columns = series(hour, [minute(0, 3, 2, -7), minute(3, 10, 0, 100)]);
    expect(columns).toEqual({
      human: [13, null],
      bot: [2, null],
      bytes: [93, null],
      min: [5, null],
      max: [10, null],
      known: [2, 0],
    });
  });

  test('is null where no minute is known, and 0 only where one is known to be quiet', () => {
    const columns = series(hour, [], [[START + 300, START + 360]]);
    expect(columns.human).toEqual([null, 0]);
    expect(columns.min).toEqual([null, 0]);
    expect(columns.max).toEqual([null, 0]);
    expect(columns.known).toEqual([0, 1]);
  });

  test('counts a known minute without a row as the quietest', () => {
    const columns = series(hour, [minute(0, 4)], [[START, START + 300]]);
    expect(columns).toMatchObject({ min: [0, null], max: [4, null], known: [5, 0] });
  });

  test('knows no minute of which only a part is known', () => {
    expect(series(hour, [], [[START + 1, START + 119]]).known).toEqual([0, 0]);
    expect(
      series(
        hour,
        [],
        [
          [START + 30, START + 120],
          [START, START + 30],
        ],
      ).known,
    ).toEqual([2, 0]);
  });

  test('ignores minutes outside', () => {
    const columns = series(hour, [minute(-1, 1), minute(10, 1)], [[START - 600, START]]);
    expect(columns.known).toEqual([0, 0]);
  });
});

test('equals what one counts minute by minute, in whatever pieces the rows come', () => {
  const length = 3 * 1_440;
  const rows = fc.uniqueArray(
    fc.record({
      minute: fc.integer({ min: -20, max: length + 20 }).map(at => START + 60 * at),
      human: fc.nat(50),
      bot: fc.nat(50),
      bytes: fc.integer({ min: -5_000, max: 5_000 }),
    }),
    { selector: row => row.minute, maxLength: 30 },
  );
  const range = fc
    .tuple(fc.integer({ min: -3_600, max: 40_000 }), fc.integer({ min: -100, max: 8_000 }))
    .map(([from, seconds]): SecondRange => [START + from, START + from + seconds]);
  const question = fc.record({
    from: fc.integer({ min: 0, max: 30_000 }),
    minutes: fc.integer({ min: 1, max: 300 }),
    step: fc.constantFrom(...STEPS),
    rows,
    known: fc.array(range, { maxLength: 4 }),
    cut: fc.nat(30),
  });
  fc.assert(
    fc.property(question, ({ from, minutes, step, rows, known, cut }) => {
      const buckets = bucketsOf(START + from, START + from + minutes * 60, step);
      const fold = new SeriesFold(buckets, known);
      fold.add(rows.slice(0, cut));
      fold.add(rows.slice(cut));
      expect(fold.columns()).toEqual(oracle(buckets, rows, known));
    }),
    { numRuns: 100 },
  );
});

test('is the same from sums of whole hours, whichever of them are summed up', () => {
  const hours = 50;
  const row = fc.record({
    minute: fc.integer({ min: 0, max: 60 * hours - 1 }).map(at => START + 60 * at),
    human: fc.nat(50),
    bot: fc.nat(50),
    bytes: fc.integer({ min: -5_000, max: 5_000 }),
  });
  const question = fc.record({
    step: fc.constantFrom('1h' as const, '1d' as const),
    rows: fc.uniqueArray(row, { selector: ({ minute }) => minute, maxLength: 150 }),
    known: fc.array(
      fc
        .tuple(fc.nat(3_600 * hours), fc.nat(20_000))
        .map(([from, seconds]): SecondRange => [START + from, START + from + seconds]),
      { maxLength: 4 },
    ),
    summed: fc.subarray(Array.from({ length: hours }, (_, nth) => START + nth * 3_600)),
  });
  fc.assert(
    fc.property(question, ({ step, rows, known, summed }) => {
      const buckets = bucketsOf(START, START + hours * 3_600, step);
      const within = (from: number, to: number): MinuteTotals[] =>
        rows.filter(({ minute }) => minute >= from && minute < to);
      const fold = new SeriesFold(buckets, known);
      const totals = summed.map(hour => totalsOfHour(hour, within(hour, hour + 3_600)));
      fold.addHours(totals);
      for (const [from, to] of outsideHours(totals, [START, START + hours * 3_600]))
        fold.add(within(from, to));
      expect(fold.columns()).toEqual(series(buckets, rows, known));
    }),
  );
});

describe('what lies outside of hours', () => {
  const at = (hour: number): { hour: number } => ({ hour: START + hour * 3_600 });

  test('is everything without hours, and nothing when they fill the range', () => {
    expect(outsideHours([], [START + 60, START + 120])).toEqual([[START + 60, START + 120]]);
    expect(outsideHours([at(0), at(1)], [START, START + 7_200])).toEqual([]);
  });

  test('is what is left before, between and after them', () => {
    expect(outsideHours([at(1), at(2), at(4)], [START + 60, START + 5 * 3_600 + 60])).toEqual([
      [START + 60, START + 3_600],
      [START + 3 * 3_600, START + 4 * 3_600],
      [START + 5 * 3_600, START + 5 * 3_600 + 60],
    ]);
  });
});
