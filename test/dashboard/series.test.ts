/** ⑧ Rows as lines: nothing invented, nothing lost. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MinuteRow } from '../../src/dashboard/load-minutes.ts';
import { isoSeconds } from '../../src/core/time.ts';
import type { Standing } from '../../src/dashboard/knowledge.ts';
import { chartData, minuteSeries, trailingAverage } from '../../src/dashboard/series.ts';
import type { ChartRange } from '../../src/dashboard/series.ts';
import { COUNTING, FULL, GAP, NEVER, PENDING, PROVISIONAL, knownFrom } from './known.ts';

const T = Date.UTC(2026, 10, 20, 10, 0) / 1000;

function rowsOf(...minutes: readonly (readonly [at: number, human: number, bot: number])[]): MinuteRow[] {
  return minutes.map(([at, human, bot]) => ({ ts: isoSeconds(T + at * 60), total: human + bot, human, bot }));
}

/** A series from T to a minute, by standings that begin at minutes. */
function seriesOf(rows: MinuteRow[], through: number, ...known: readonly (readonly [number, Standing])[]) {
  return minuteSeries(rows, knownFrom(T, through + 1, ...known), T, T + through * 60);
}

function drawn(series: ReturnType<typeof seriesOf>, change: Partial<ChartRange> = {}) {
  return chartData(series, { from: T, average: 0, isNearlyWhole: () => false, ...change });
}

/** Rows as the API returns them: ascending, unique, never empty. */
const anyRows = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.nat(50), fc.nat(50)), {
    selector: ([at]) => at,
    maxLength: 60,
  })
  .map(minutes => rowsOf(...minutes.sort(([a], [b]) => a - b).filter(([, human, bot]) => human + bot > 0)));

const anyKnown = fc
  .uniqueArray(
    fc.tuple(
      fc.integer({ min: 0, max: 400 }),
      fc.constantFrom(FULL, PROVISIONAL, PENDING, COUNTING, NEVER, GAP),
    ),
    { selector: ([at]) => at, maxLength: 12 },
  )
  .map(parts => parts.sort(([a], [b]) => a - b));

const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0);

describe('minuteSeries', () => {
  test('puts 0 where minutes were counted, also after the last row and before the first', () => {
    expect(seriesOf(rowsOf([1, 2, 1], [4, 0, 5]), 6, [0, FULL], [3, PROVISIONAL])).toMatchObject({
      first: T,
      total: [0, 3, 0, 0, 5, 0, 0],
      human: [0, 2, 0, 0, 0, 0, 0],
      bot: [0, 1, 0, 0, 5, 0, 0],
    });
  });

  test.each([
    ['nobody looked', NEVER],
    ['the source lost events', GAP],
    ['it is being counted', COUNTING],
  ])('puts null, not 0, where %s, and keeps the counts there', (_, standing) => {
    const series = seriesOf(rowsOf([2, 1, 0]), 4, [0, FULL], [1, standing], [4, FULL]);
    expect(series.total).toEqual([0, null, 1, null, 0]);
  });

  test('knows nothing before the range that was asked about', () => {
    expect(seriesOf([], 3, [2, FULL]).total).toEqual([null, null, 0, 0]);
  });

  test('takes minutes that began after the question for minutes that are being counted', () => {
    const series = minuteSeries(rowsOf([2, 1, 0]), knownFrom(T, 2, [0, FULL]), T, T + 180);
    expect(series.total).toEqual([0, 0, 1, null]);
    expect(series.standing.map(({ kind }) => kind)).toEqual(['full', 'full', 'counting', 'counting']);
  });

  test('has no zeros while it is not known what was read', () => {
    const unavailable = { kind: 'unavailable', message: 'x' } as const;
    expect(minuteSeries(rowsOf([1, 1, 0]), unavailable, T, T + 120).total).toEqual([null, 1, null]);
  });

  test('keeps every edit, and has a 0 only where minutes were counted', () => {
    fc.assert(
      fc.property(anyRows, anyKnown, (rows, known) => {
        const series = seriesOf(rows, 400, ...known);
        expect(sum(series.total)).toBe(sum(rows.map(row => row.total)));
        expect(sum(series.human)).toBe(sum(rows.map(row => row.human)));
        const zeros = series.standing.filter((_, at) => series.total[at] === 0);
        expect(zeros.every(({ kind }) => ['full', 'provisional', 'pending'].includes(kind))).toBe(true);
      }),
    );
  });
});

describe('trailingAverage', () => {
  test('is the mean of each minute and those before it', () => {
    expect(trailingAverage([3, 0, 6, 9], 3)).toEqual([null, 1.5, 3, 5]);
  });

  test('skips unknown minutes, and is null where they are more than half', () => {
    expect(trailingAverage([4, 6, null, null, 8, 8], 2)).toEqual([4, 5, 6, null, 8, 8]);
    expect(trailingAverage([3, 6, null, null, null, 9, 9], 3)).toEqual([null, 4.5, 4.5, null, null, null, 9]);
  });

  const input = fc.record({
    values: fc.array(fc.option(fc.nat(10_000), { freq: 3 }), { maxLength: 120 }),
    span: fc.constantFrom(1, 3, 5, 15),
  });

  test('equals the naively computed mean', () => {
    fc.assert(
      fc.property(input, ({ values, span }) => {
        const expected = values.map((_, at) => {
          const window = values.slice(Math.max(at - span + 1, 0), at + 1);
          const known = window.filter(value => value !== null);
          return known.length < span / 2 ? null : sum(known) / known.length;
        });
        expect(trailingAverage(values, span)).toEqual(expected);
      }),
    );
  });
});

describe('chartData', () => {
  test('separates full, provisional and growing minutes', () => {
    const rows = rowsOf([0, 1, 1], [1, 2, 1], [2, 3, 1], [3, 4, 1], [4, 1, 0]);
    const data = drawn(seriesOf(rows, 5, [0, FULL], [2, PROVISIONAL], [4, COUNTING]));
    expect(data.x.map(minute => (minute - T) / 60)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(data.total).toEqual([2, 3, null, null, null, null]);
    expect(data.openTotal).toEqual([null, null, 4, 5, null, null]);
    expect(data.soFar).toEqual([null, null, null, null, 1, null]);
    expect(data.average).toEqual(Array(6).fill(null));
  });

  test('uses minutes before the range for the average without drawing them', () => {
    const series = seriesOf(rowsOf([0, 3, 0], [1, 3, 0], [2, 6, 0], [3, 1, 0]), 3, [0, FULL], [3, COUNTING]);
    const data = drawn(series, { from: T + 120, average: 3 });
    expect(data.x).toEqual([T + 120, T + 180]);
    expect(data.average).toEqual([4, null]);
  });

  test('leaves partly counted minutes of a gap out of the average, but not one that lacks a few messages', () => {
    const rows = rowsOf([0, 4, 0], [1, 1, 0], [2, 1, 0], [3, 6, 0]);
    const series = seriesOf(rows, 3, [0, FULL], [1, GAP], [3, FULL]);
    expect(drawn(series, { average: 3 }).average).toEqual([null, null, null, null]);
    const isNearlyWhole = (minute: number): boolean => minute === T + 120;
    expect(drawn(series, { average: 3, isNearlyWhole }).average).toEqual([null, null, 2.5, 3.5]);
  });

  test('shows each count of the range once: full, provisional or growing', () => {
    fc.assert(
      fc.property(anyRows, anyKnown, fc.nat(400), fc.constantFrom(0, 3, 15), (rows, known, from, average) => {
        const series = seriesOf(rows, 400, ...known);
        const data = drawn(series, { from: T + from * 60, average });
        const columns = Object.values(data).filter(Array.isArray);
        const lengths = new Set(columns.map((values: readonly unknown[]) => values.length));
        expect(lengths).toEqual(new Set([401 - from]));
        const shown = data.x.map((_, at) => data.total[at] ?? data.openTotal[at] ?? data.soFar[at] ?? null);
        expect(shown).toEqual(series.total.slice(from));
      }),
    );
  });

  test('handles a week', () => {
    const rows = rowsOf(...Array.from({ length: 10_080 }, (_, at) => [at, at % 90, at % 7] as const));
    expect(drawn(seriesOf(rows, 10_079, [0, FULL]), { average: 15 }).x).toHaveLength(10_080);
  });
});
