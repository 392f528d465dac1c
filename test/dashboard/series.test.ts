/** ⑧ Rows as lines: nothing invented, nothing lost. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edits } from '../../src/dashboard/api-client.ts';
import type { Band } from '../../src/dashboard/bands.ts';
import { isoSeconds } from '../../src/core/time.ts';
import {
  axisSpan,
  chartData,
  fillMinutes,
  firstOpenMinute,
  trailingAverage,
} from '../../src/dashboard/series.ts';

const T = Date.UTC(2026, 10, 20, 10, 0) / 1000;

function rowsOf(...minutes: readonly (readonly [at: number, human: number, bot: number])[]): Edits {
  return minutes.map(([at, human, bot]) => ({ ts: isoSeconds(T + at * 60), total: human + bot, human, bot }));
}

/** A band of minutes without data. */
function unknown(from: number, to: number): Band {
  return { kind: 'no-data', causes: ['retention'], from: T + from * 60, to: T + to * 60 };
}

/** Rows as the API returns them: ascending, unique, never empty. */
const anyRows = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.nat(50), fc.nat(50)), {
    selector: ([at]) => at,
    maxLength: 60,
  })
  .map(minutes => rowsOf(...minutes.sort(([a], [b]) => a - b).filter(([, human, bot]) => human + bot > 0)));

const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0);

describe('fillMinutes', () => {
  test('puts 0 between rows and nothing outside them', () => {
    expect(fillMinutes(rowsOf([1, 2, 1], [4, 0, 5]), T + 600)).toEqual({
      first: T + 60,
      total: [3, 0, 0, 5],
      human: [2, 0, 0, 0],
      bot: [1, 0, 0, 5],
      complete: [true, true, true, true],
    });
    expect(fillMinutes([], T)).toBeUndefined();
  });

  test('puts null for missing rows in a gap', () => {
    const rows = rowsOf([0, 2, 1], [2, 1, 0], [6, 0, 5]);
    expect(fillMinutes(rows, T + 600, [unknown(2, 5)])).toEqual({
      first: T,
      total: [3, 0, 1, null, null, 0, 5],
      human: [2, 0, 1, null, null, 0, 0],
      bot: [1, 0, 0, null, null, 0, 5],
      complete: [true, true, false, false, false, true, true],
    });
  });

  test('extends to gaps beyond the rows, even without any rows', () => {
    const rows = rowsOf([4, 1, 0]);
    const series = fillMinutes(rows, T + 600, [unknown(1, 3), unknown(6, 7)]);
    expect(series).toMatchObject({ first: T + 60, total: [null, null, 0, 1, 0, null] });
    expect(fillMinutes([], T + 600, [unknown(1, 3)])).toMatchObject({ first: T + 60, total: [null, null] });
  });

  test('does not blank minutes that are only incomplete', () => {
    const rows = rowsOf([0, 2, 1], [3, 1, 0]);
    expect(fillMinutes(rows, T + 600, [{ ...unknown(1, 9), kind: 'incomplete' }])).toEqual(
      fillMinutes(rows, T + 600),
    );
  });

  test('drops minutes in the future', () => {
    expect(fillMinutes(rowsOf([0, 1, 0], [9, 1, 0]), T)?.total).toEqual([1]);
    expect(fillMinutes(rowsOf([9, 1, 0]), T)).toBeUndefined();
  });

  test('keeps every edit and begins and ends with a row', () => {
    fc.assert(
      fc.property(anyRows, rows => {
        const series = fillMinutes(rows, T + 400 * 60);
        expect(sum(series?.total ?? [])).toBe(sum(rows.map(row => row.total)));
        expect(sum(series?.human ?? [])).toBe(sum(rows.map(row => row.human)));
        expect(series?.total.at(0)).toBe(rows.at(0)?.total);
        expect(series?.total.at(-1)).toBe(rows.at(-1)?.total);
      }),
    );
  });
});

describe('trailingAverage', () => {
  test('is the mean of each minute and those before it', () => {
    expect(trailingAverage([3, 0, 6, 9], 3, 4)).toEqual([null, null, 3, 5]);
  });

  test('is null until enough minutes follow a gap', () => {
    expect(trailingAverage([3, 3, null, 4, 5, 6], 2, 6)).toEqual([null, 3, null, null, 4.5, 5.5]);
  });

  test('leaves out minutes that may still grow', () => {
    expect(trailingAverage([3, 0, 6, 1], 3, 3)).toEqual([null, null, 3, null]);
  });

  const input = fc.record({
    values: fc.array(fc.option(fc.nat(10_000), { freq: 12 }), { maxLength: 120 }),
    span: fc.constantFrom(1, 3, 5, 15),
    whole: fc.nat(130),
  });

  test('equals the naively computed mean', () => {
    fc.assert(
      fc.property(input, ({ values, span, whole }) => {
        const expected = values.map((_, at) => {
          const minutes = values.slice(Math.max(at - span + 1, 0), at + 1);
          return minutes.length < span || minutes.includes(null) || at >= whole ? null : sum(minutes) / span;
        });
        expect(trailingAverage(values, span, whole)).toEqual(expected);
      }),
    );
  });

  test('lies between the minimum and maximum of its minutes', () => {
    fc.assert(
      fc.property(input, ({ values, span }) => {
        for (const [at, average] of trailingAverage(values, span, values.length).entries()) {
          const minutes = values.slice(Math.max(at - span + 1, 0), at + 1).map(value => value ?? Number.NaN);
          if (average === null) continue;
          expect(average).toBeGreaterThanOrEqual(Math.min(...minutes));
          expect(average).toBeLessThanOrEqual(Math.max(...minutes));
        }
      }),
    );
  });
});

describe('firstOpenMinute', () => {
  test('is the newest minute of gold, which may be partly counted', () => {
    expect(firstOpenMinute(T, T + 20)).toBe(T);
    expect(firstOpenMinute(T, T + 200)).toBe(T);
  });

  test('is the next minute once the newest can no longer grow', () => {
    expect(firstOpenMinute(T, T + 60 + 600)).toBe(T + 60);
  });

  test('is the current minute at the latest', () => {
    expect(firstOpenMinute(undefined, T + 59)).toBe(T);
    expect(firstOpenMinute(T + 7_200, T + 59)).toBe(T);
  });
});

describe('axisSpan', () => {
  const now = T + 30;
  test('covers the range, the current minute included', () => {
    expect(axisSpan(undefined, 60, now)).toEqual({ from: T - 59 * 60, to: T + 60 });
  });

  test('starts at the data when that fills less than a third', () => {
    const started = fillMinutes(rowsOf([-30, 1, 0], [0, 1, 0]), T);
    expect(axisSpan(started, 180, now)).toEqual({ from: T - 30 * 60, to: T + 60 });
    expect(axisSpan(started, 60, now)).toEqual({ from: T - 59 * 60, to: T + 60 });
  });

  test('shows at least a quarter of an hour, and never more than the range', () => {
    const justStarted = fillMinutes(rowsOf([0, 1, 0]), T);
    expect(axisSpan(justStarted, 180, now)).toEqual({ from: T - 14 * 60, to: T + 60 });
    expect(axisSpan(justStarted, 5, now)).toEqual({ from: T - 4 * 60, to: T + 60 });
  });
});

describe('chartData', () => {
  test('separates whole minutes from the growing end, joined at the last whole one', () => {
    const series = fillMinutes(rowsOf([0, 1, 1], [1, 2, 1], [2, 3, 1]), T + 120);
    const data = chartData(series, { from: T, openFrom: T + 120, average: 0 });
    expect(data.x).toEqual([T, T + 60, T + 120]);
    expect(data.total).toEqual([2, 3, null]);
    expect(data.openTotal).toEqual([null, 3, 4]);
    expect(data.average).toEqual([null, null, null]);
  });

  test('has no growing end when every minute is whole', () => {
    const series = fillMinutes(rowsOf([0, 1, 1], [1, 2, 1]), T + 60);
    expect(chartData(series, { from: T, openFrom: T + 600, average: 0 }).openTotal).toEqual([null, null]);
  });

  test('uses minutes before the range for the average without drawing them', () => {
    const series = fillMinutes(rowsOf([0, 3, 0], [1, 3, 0], [2, 6, 0], [3, 1, 0]), T + 180);
    const data = chartData(series, { from: T + 120, openFrom: T + 180, average: 3 });
    expect(data.x).toEqual([T + 120, T + 180]);
    expect(data.average).toEqual([4, null]);
  });

  test('leaves a gap blank, and its edges out of the average', () => {
    const rows = rowsOf([0, 3, 0], [1, 3, 0], [2, 1, 0], [5, 1, 0], [6, 4, 0], [7, 6, 0]);
    const series = fillMinutes(rows, T + 600, [unknown(2, 6)]);
    const data = chartData(series, { from: T, openFrom: T + 600, average: 2 });
    expect(data.total).toEqual([3, 3, 1, null, null, 1, 4, 6]);
    expect(data.average).toEqual([null, 3, null, null, null, null, null, 5]);
    expect(data.openTotal).toEqual(Array(8).fill(null));
  });

  test('shows each minute of the range once, whole or growing', () => {
    const cut = fc.record({ from: fc.nat(400), open: fc.nat(410), average: fc.constantFrom(0, 3, 5, 15) });
    fc.assert(
      fc.property(anyRows, cut, (rows, { from, open, average }) => {
        const fromMinute = T + from * 60;
        const openFrom = T + open * 60;
        const data = chartData(fillMinutes(rows, T + 400 * 60), { from: fromMinute, openFrom, average });
        const lengths = new Set(Object.values(data).map((values: readonly unknown[]) => values.length));
        expect(lengths.size).toBe(1);
        const shown = data.x.map(
          (minute, at) => (minute < openFrom ? data.total[at] : data.openTotal[at]) ?? 0,
        );
        const inRange = rows.filter(row => Date.parse(row.ts) / 1000 >= fromMinute);
        expect(sum(shown)).toBe(sum(inRange.map(row => row.total)));
        expect(data.x.every((minute, at) => at === 0 || minute - (data.x[at - 1] ?? 0) === 60)).toBe(true);
        expect(data.average.every((value, at) => value === null || (data.x[at] ?? 0) < openFrom)).toBe(true);
      }),
    );
  });

  test('handles a week', () => {
    const rows = rowsOf(...Array.from({ length: 10_080 }, (_, at) => [at, at % 90, at % 7] as const));
    const data = chartData(fillMinutes(rows, T + 10_079 * 60), {
      from: T,
      openFrom: T + 10_079 * 60,
      average: 15,
    });
    expect(data.x).toHaveLength(10_080);
  });
});
