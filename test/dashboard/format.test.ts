/** Numbers, times and titles as text. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatAverage,
  formatCompact,
  formatCount,
  formatDuration,
  formatLocal,
  formatRange,
  formatShare,
  formatInterval,
  formatUtc,
  formatUtcDate,
  formatWhen,
} from '../../src/dashboard/format.ts';
import { tickLabels, timeTicks } from '../../src/dashboard/ticks.ts';

const T = Date.UTC(2026, 10, 20, 10, 5) / 1000;

test('counts and shares', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect(formatCompact(12_000)).toBe('12K');
  expect(formatAverage(7)).toBe('7.0');
  expect(formatShare(1, 4)).toBe('25%');
  expect(formatShare(0, 0)).toBeUndefined();
});

test('times in UTC and in the reader’s time zone', () => {
  expect(formatUtc(T)).toBe('10:05 UTC');
  expect(formatUtcDate(T)).toBe('Fri 20 Nov, 10:05 UTC');
  expect(formatLocal(T, 'Europe/Berlin')).toBe('11:05');
  expect(formatLocal(T, 'Pacific/Auckland')).toBe('23:05');
  expect(formatLocal(T, 'Pacific/Kiritimati')).toBe('Sat 21 Nov, 00:05');
});

test('intervals', () => {
  expect(formatInterval(T, T + 60)).toBe('Fri 20 Nov, 10:05 UTC');
  expect(formatInterval(T, T + 75 * 60)).toBe('Fri 20 Nov, 10:05 to 11:20 UTC');
  expect(formatInterval(T, T + 86_400)).toBe('Fri 20 Nov, 10:05 UTC to Sat 21 Nov, 10:05 UTC');
});

test.each([
  [-5, '0 s'],
  [3_999, '3 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 days'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [1, 'minute'],
  [60, 'hour'],
  [95, '95 minutes'],
  [180, '3 hours'],
  [1_440, '24 hours'],
  [10_080, '7 days'],
  [527_040, '366 days'],
])('the last %d minutes are the last %s', (minutes, text) => {
  expect(formatRange(minutes)).toBe(text);
});

test('a time has its day unless that is today', () => {
  expect(formatWhen(T, T + 3_600)).toBe('10:05 UTC');
  expect(formatWhen(T, T + 86_400)).toBe('Fri 20 Nov, 10:05 UTC');
});

describe('timeTicks', () => {
  test('are round in the zone of the reader, with the date at its midnight', () => {
    const tokyo = 9 * 3_600;
    const ticks = timeTicks(T, T + 8 * 3_600, 8, tokyo);
    // 10:05 UTC is 19:05.
    const labels = ['20:00\nNov 20', '21:00', '22:00', '23:00', 'Nov 21', '01:00'];
    expect(tickLabels(ticks, tokyo).slice(0, 6)).toEqual(labels);
  });

  test('are round in the zone of the reader, with the date at its midnight', () => {
    const tokyo = 9 * 3_600;
    const ticks = timeTicks(T, T + 8 * 3_600, 8, tokyo);
    // 10:05 UTC is 19:05.
    expect(tickLabels(ticks, tokyo).slice(0, 6)).toEqual([
      '20:00\nNov 20',
      '21:00',
      '22:00',
      '23:00',
      'Nov 21',
      '01:00',
    ]);
  });

  test('are round times in UTC', () => {
    expect(tickLabels(timeTicks(T, T + 3_600, 4))).toEqual(['10:15\nNov 20', '10:30', '10:45', '11:00']);
    expect(tickLabels(timeTicks(T, T + 7 * 86_400, 7))).toEqual([
      'Nov 21',
      'Nov 22',
      'Nov 23',
      'Nov 24',
      'Nov 25',
      'Nov 26',
      'Nov 27',
    ]);
  });

  test('are within the axis, evenly spaced, and not too many', () => {
    const axis = fc.record({
      from: fc.nat(4e9),
      length: fc.integer({ min: 60, max: 527_040 * 60 }),
      most: fc.integer({ min: 5, max: 30 }),
    });
    fc.assert(
      fc.property(axis, ({ from, length, most }) => {
        const ticks = timeTicks(from, from + length, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks.every(tick => tick >= from && tick <= from + length)).toBe(true);
        const steps = new Set(ticks.slice(1).map((tick, at) => tick - (ticks[at] ?? 0)));
        expect(steps.size).toBeLessThanOrEqual(1);
      }),
    );
  });
});
