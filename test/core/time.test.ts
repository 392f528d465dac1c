/** UTC minutes and hours: only ones that exist, and the same in every time zone. */
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  HOUR_MS,
  ceilHourMs,
  floorHourMs,
  hourOf,
  hourStartMs,
  instantOf,
  isInstant,
  isoMs,
  isoSeconds,
  minuteOf,
} from '../../src/core/time.ts';

const second = fc.integer({ min: 979_516_800, max: 253_402_300_799 });

describe('hours', () => {
  test.each([
    ['2026-11-20T10', '2026-11-20T10:00:00Z'],
    ['2001-01-15T00', '2001-01-15T00:00:00Z'],
    ['2024-02-29T23', '2024-02-29T23:00:00Z'],
    ['2000-02-29T00', '2000-02-29T00:00:00Z'],
    ['9999-12-31T23', '9999-12-31T23:00:00Z'],
    ['1969-12-31T23', '1969-12-31T23:00:00Z'],
    ['2026-03-29T02', '2026-03-29T02:00:00Z'],
  ])('%s starts at %s', (hour, start) => {
    expect(hourStartMs(hour)).toBe(Date.parse(start));
  });

  test.each([
    '',
    '2026-11-20',
    '2026-11-20T',
    '2026-11-20T1',
    '2026-11-20T24',
    '2026-11-20T60',
    '2026-11-20T-1',
    '2026-11-20T10:00',
    '2026-11-20T10Z',
    '2026-11-20 10',
    '2026-11-20t10',
    '2026-11-31T10',
    '2026-02-29T10',
    '2026-02-30T10',
    '2100-02-29T10',
    '2026-00-10T10',
    '2026-13-10T10',
    '2026-11-00T10',
    '2026-11-32T10',
    '26-11-20T10',
    '+002026-11-20T10',
    '10000-01-01T00',
    '+010000-01-01T00',
    '-000001-01-01T00',
    '2026-11-20T10\n',
    ' 2026-11-20T10',
    '２０２６-11-20T10',
    'undefined-undefined-undefinedTundefined',
  ])('%j does not exist', hour => {
    expect(hourStartMs(hour)).toBeUndefined();
  });

  test('the hour of a second starts less than an hour before it', () => {
    fc.assert(
      fc.property(second, at => {
        const startMs = hourStartMs(hourOf(at)) ?? Number.NaN;
        expect(startMs % HOUR_MS).toBe(0);
        expect(at * 1000 - startMs).toBeGreaterThanOrEqual(0);
        expect(at * 1000 - startMs).toBeLessThan(HOUR_MS);
      }),
    );
  });

  test('sort as text in the same order as in time', () => {
    fc.assert(
      fc.property(second, second, (a, b) => {
        expect(hourOf(Math.min(a, b)) <= hourOf(Math.max(a, b))).toBe(true);
      }),
    );
  });
});

describe('the full hours around an instant', () => {
  const TEN = Date.parse('2026-11-20T10:00:00Z');

  test.each([
    [TEN, TEN, TEN],
    [TEN + 1, TEN, TEN + HOUR_MS],
    [TEN - 1, TEN - HOUR_MS, TEN],
    [-1, -HOUR_MS, -0],
  ])('of %d are %d and %d', (ms, floor, ceil) => {
    expect([floorHourMs(ms), ceilHourMs(ms)]).toEqual([floor, ceil]);
  });
});

describe('a time in ISO 8601', () => {
  test.each(['2026-11-20T10:00Z', '2026-11-20T10:00:00.123456789+05:30', '2024-02-29T23:59:59-00:00'])(
    '%s is one',
    text => {
      expect(isInstant(text)).toBe(true);
    },
  );

  test.each([
    '',
    '2026-11-20',
    '2026-11-20T10:00:00',
    '2026-02-29T10:00:00Z',
    '2026-11-20T25:00:00Z',
    '2026-11-20T10:00:00Z ',
    '20.11.2026 10:00',
    '2026-11-20T10:00:00Z (about)',
    'about 2026-11-20T10:00:00Z',
    '+012026-11-20T10:00:00Z',
  ])('%j is not one', text => {
    expect(isInstant(text)).toBe(false);
  });
});

describe.each(['Asia/Kolkata', 'America/St_Johns', 'Pacific/Kiritimati'])('on a machine in %s', zone => {
  afterEach(() => vi.unstubAllEnvs());

  test('hours and minutes are those of UTC', () => {
    vi.stubEnv('TZ', zone);
    const at = Date.UTC(2026, 2, 29, 1, 30, 59) / 1000;
    expect(new Date(at * 1000).getHours()).not.toBe(1);
    expect(hourOf(at)).toBe('2026-03-29T01');
    expect(hourStartMs('2026-03-29T01')).toBe(Date.UTC(2026, 2, 29, 1));
    expect(minuteOf(at)).toBe(at - 59);
    expect(isoSeconds(at)).toBe('2026-03-29T01:30:59Z');
  });
});

describe('minutes', () => {
  test.each([
    [0, 0],
    [59, 0],
    [60, 60],
    [59.999, 0],
    [-1, -60],
    [253_402_300_799, 253_402_300_740],
  ])('%d is in minute %d', (at, minute) => {
    expect(minuteOf(at)).toBe(minute);
  });
});

describe('ISO 8601', () => {
  test('has a fraction for milliseconds only', () => {
    expect(isoSeconds(1_763_632_800)).toBe('2025-11-20T10:00:00Z');
    expect(isoMs(1_763_632_800_250)).toBe('2025-11-20T10:00:00.250Z');
    expect(isoMs(1_763_632_800_000)).toBe('2025-11-20T10:00:00.000Z');
  });

  test('parses back to the same instant', () => {
    fc.assert(
      fc.property(second, at => {
        expect([Date.parse(isoSeconds(at)), Date.parse(isoMs(at))]).toEqual([at * 1000, at]);
      }),
    );
  });
});

describe('the instant of a text', () => {
  test.each([
    ['2026-11-20T10:00:00.250Z', 1_795_168_800_250],
    ['2026-11-20T11:00:00+01:00', 1_795_168_800_000],
    ['1970-01-01T00:00:00Z', 0],
  ])('%s is %d', (text, ms) => {
    expect(instantOf(text)).toBe(ms);
  });

  test.each([['yesterday'], [''], [2026], [['2026-11-20T10:00:00Z']], [null], [undefined], [{}]])(
    '%j has none',
    value => {
      expect(instantOf(value)).toBeUndefined();
    },
  );
});
