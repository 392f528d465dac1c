/** What one look at a wiki's latest minutes finds. */
import { describe, expect, test } from 'vitest';
import { PastHours } from '../../../src/core/usual/past-hours.ts';
import { lookAt } from '../../../src/core/usual/readings.ts';
import { Usual } from '../../../src/core/usual/usual.ts';
import { HOUR, MONDAY, steady, weeksBefore } from './hours.ts';

const AT = MONDAY + 8 * HOUR;

describe('a look', () => {
  test('finds the windows that are unusual, from short to long', () => {
    const look = lookAt(steady(600, AT), AT, ({ from, to }) => (to - from) / 6 + 1_500);
    expect(look.kind === 'unusual' ? look.unusual.map(({ from, to }) => to - from) : []).toEqual([
      300, 900, 3_600,
    ]);
  });

  test('leaves out a long window that is unusual because of what is over', () => {
    const look = lookAt(
      steady(600, AT),
      AT,
      ({ from, to }) => (to - from) / 6 + (to - from === HOUR ? 1_500 : 0),
    );
    expect(look.kind).toBe('calm');
  });

  test('does not let what begins hide itself: the hour of the window does not say how busy today is', () => {
    // The last hour had four times as many edits, and all windows lie after it or in it.
    const hours = weeksBefore(9, start => (start === AT - HOUR ? 2_400 : 600), AT);
    const look = lookAt(new Usual(new PastHours(hours)), AT + 300, ({ from, to }) => (4 * (to - from)) / 6);
    expect(look).toMatchObject({ kind: 'unusual', latest: { edits: 200, expected: 50 } });
  });

  test('leaves out an excess that more than three hours of the last weeks had', () => {
    const bursts = (count: number) => (start: number) =>
      Array.from({ length: count }, (_, i) => AT - (i * 9 + 3) * 24 * HOUR - i * HOUR).includes(start)
        ? 900
        : 10;
    const look = (count: number) =>
      lookAt(new Usual(new PastHours(weeksBefore(13, bursts(count), AT))), AT, ({ from, to }) =>
        to - from === HOUR ? 800 : 700,
      ).kind;
    expect(look(3)).toBe('unusual');
    expect(look(6)).not.toBe('unusual');
  });

  test('is unknown where minutes are, or weeks', () => {
    expect(lookAt(steady(600, AT), AT, () => undefined).kind).toBe('unknown');
    const young = new Usual(new PastHours(weeksBefore(2, () => 600, AT)));
    expect(lookAt(young, AT, () => 9_000).kind).toBe('unknown');
  });
});
