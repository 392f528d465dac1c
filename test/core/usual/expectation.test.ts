/** What a window is expected to have, from hours before it. */
import { describe, expect, test } from 'vitest';
import { expectationOf } from '../../../src/core/usual/expectation.ts';
import { PastHours } from '../../../src/core/usual/past-hours.ts';
import { Usual } from '../../../src/core/usual/usual.ts';
import type { Window } from '../../../src/core/usual/usual.ts';
import { HOUR, MONDAY, WEEK, steady, weeksBefore } from './hours.ts';

/** Hour of the day. */
const clock = (start: number): number => (start / HOUR) % 24;
const hourAt = (start: number): Window => ({ from: start, to: start + HOUR });
const usualOf = (...args: Parameters<typeof weeksBefore>): Usual =>
  new Usual(new PastHours(weeksBefore(...args)));

function expected(usual: Usual, window: Window) {
  const found = expectationOf(usual, window);
  if (found.kind !== 'expected') throw new Error(`${found.weeks} weeks are not enough`);
  return found;
}

describe('an expectation', () => {
  test('is the same hour of the week, and not the average of the day', () => {
    const usual = usualOf(8, start => (clock(start) < 12 ? 100 : 300));
    expect(expected(usual, hourAt(MONDAY + 6 * HOUR)).mean).toBeCloseTo(100);
    expect(expected(usual, hourAt(MONDAY + 18 * HOUR)).mean).toBeCloseTo(300);
  });

  test('allows for the hour before and after, as clocks may have changed', () => {
    const usual = usualOf(8, start => (clock(start) < 12 ? 100 : 300));
    expect(expected(usual, hourAt(MONDAY + 11 * HOUR))).toMatchObject({ mean: 100, most: 300, least: 100 });
    expect(expected(usual, hourAt(MONDAY + 12 * HOUR))).toMatchObject({ mean: 300, most: 300, least: 100 });
  });

  test('is not moved by a week in which something happened', () => {
    const usual = usualOf(8, start => (start >= MONDAY - 2 * WEEK && start < MONDAY - WEEK ? 5_000 : 100));
    expect(expected(usual, hourAt(MONDAY + 6 * HOUR)).mean).toBeCloseTo(100);
  });

  test('looks back past weeks that are not known, for eight that are', () => {
    const holed = (start: number): number | null =>
      start >= MONDAY - 4 * WEEK && start < MONDAY - WEEK ? null : start >= MONDAY - WEEK ? 900 : 100;
    expect(expected(usualOf(9, holed), hourAt(MONDAY + 6 * HOUR)).mean).toBeCloseTo(100);
  });

  test('needs three weeks, and says how many there are', () => {
    expect(
      expectationOf(
        usualOf(2, () => 100),
        hourAt(MONDAY),
      ),
    ).toEqual({ kind: 'not_enough_history', weeks: 2 });
    expect(
      expectationOf(
        usualOf(3, () => 100),
        hourAt(MONDAY),
      ).kind,
    ).toBe('expected');
    expect(expectationOf(new Usual(new PastHours([])), hourAt(MONDAY))).toEqual({
      kind: 'not_enough_history',
      weeks: 0,
    });
  });

  test('of a simulated wiki is made from the hours before, until there are three weeks', () => {
    const at = MONDAY + 6 * HOUR;
    const young = (hours: number) => {
      const known = weeksBefore(1, start => 100 + ((start / HOUR) % 2) * 20, at).slice(-hours);
      return expectationOf(new Usual(new PastHours(known), [], 'last_hours'), hourAt(at));
    };
    expect(young(1)).toEqual({ kind: 'not_enough_history', weeks: 0 });
    expect(young(3)).toMatchObject({ kind: 'expected', mean: 120, most: 120, least: 100, dispersion: 5 });
    const old = new Usual(new PastHours(weeksBefore(8, () => 300, MONDAY)), [], 'last_hours');
    expect(expected(old, hourAt(MONDAY))).toMatchObject({ mean: 300, most: 300 });
  });

  test('follows a busy day, to twice the usual and no further', () => {
    const today = (factor: number) => (start: number) => (start >= MONDAY ? 1_000 * factor : 1_000);
    const at = MONDAY + 6 * HOUR;
    expect(expected(usualOf(8, today(1.5), at), hourAt(at)).mean).toBeCloseTo(1_497, 0);
    expect(expected(usualOf(8, today(9), at), hourAt(at)).mean).toBeCloseTo(2_000);
    expect(expected(usualOf(8, today(0.4), at), hourAt(at)).mean).toBeCloseTo(500);
  });

  test('does not take an outage for a slow day', () => {
    const at = MONDAY + 6 * HOUR;
    const out = (start: number) => (start >= MONDAY + 4 * HOUR ? 0 : 1_000);
    expect(expected(usualOf(8, out, at), hourAt(at)).mean).toBeCloseTo(1_000);
  });

  test('of a busy day does not raise the least that is expected: what follows a burst is not quiet', () => {
    const at = MONDAY + 6 * HOUR;
    const usual = usualOf(8, start => (start >= MONDAY ? 2_000 : 1_000), at);
    expect(expected(usual, hourAt(at)).least).toBeCloseTo(1_000);
  });

  test('does not take what is unusual for a busy day', () => {
    const at = MONDAY + 6 * HOUR;
    const since = MONDAY + 3 * HOUR;
    const hours = weeksBefore(8, start => (start >= since ? 9_000 : 1_000), at);
    const usual = new Usual(new PastHours(hours), [{ from: since, to: at }]);
    expect(expected(usual, hourAt(at)).mean).toBeCloseTo(1_000);
  });

  test('knows nothing of what comes after', () => {
    const at = MONDAY - WEEK + 6 * HOUR;
    const before = expected(
      usualOf(8, () => 100),
      hourAt(at),
    );
    const changed = expected(
      usualOf(8, start => (start >= at ? 70_000 : 100)),
      hourAt(at),
    );
    expect(changed).toEqual(before);
  });

  test('of minutes is their share of the hour, over an edge too', () => {
    const usual = usualOf(8, start => (clock(start) === 0 ? 600 : 1_200));
    const window = { from: MONDAY + HOUR - 300, to: MONDAY + HOUR + 300 };
    expect(expected(usual, window).mean).toBeCloseTo(50 + 100);
  });

  test('scales an hour of which half is known, and drops one of which less is', () => {
    const hours = weeksBefore(5, () => 100).map(hour => ({ ...hour, value: 30, knownMinutes: 30 }));
    expect(expected(new Usual(new PastHours(hours)), hourAt(MONDAY)).mean).toBeCloseTo(60);
    const fewer = hours.map(hour => ({ ...hour, knownMinutes: 29 }));
    expect(expectationOf(new Usual(new PastHours(fewer)), hourAt(MONDAY))).toMatchObject({ weeks: 0 });
  });

  test('has a band that is wider where counts vary more, and never below what chance alone does', () => {
    const calm = expected(steady(400), hourAt(MONDAY));
    expect(calm.dispersion).toBe(1.5);
    expect([calm.low, calm.high]).toEqual([339, 465]);
    const wild = expected(
      usualOf(9, start => ((start / HOUR) % 11 < 2 ? 800 : 400)),
      hourAt(MONDAY),
    );
    expect(wild.dispersion).toBeGreaterThan(20);
    expect(wild.high - wild.low).toBeGreaterThan(2 * (calm.high - calm.low));
  });
});
