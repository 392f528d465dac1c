/** ⑧ What the page has heard of the newest minutes: numbers fall only where an hour was rebuilt. */
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../src/core/time.ts';
import { countsOf, hear, nothingHeard, staleKey } from '../../src/dashboard/live-minutes.ts';
import type { Live, LiveMinute } from '../../src/dashboard/live-minutes.ts';

const T = Date.UTC(2026, 10, 20, 10, 30) / 1000;
const ts = (minute: number): string => isoSeconds(T + minute * 60);

type State = LiveMinute['state'];

/** A human edit count, a state, and the minute that they are of, counted from T. */
function minute(at: number, human: number | null, state: State): LiveMinute {
  return { ts: ts(at), human, bot: human === null ? null : 0, state };
}

/** The last hour, up to T + `last` minutes, by a state for each. */
function hour(stateOf: (at: number) => State, last = 0): LiveMinute[] {
  return Array.from({ length: 60 }, (_, at) => minute(last - 59 + at, 1, stateOf(last - 59 + at)));
}

function told(live: Live, minutes: readonly LiveMinute[], nowMs = 0): Live {
  return hear(live, { name: 'minutes', wiki: 'enwiki', minutes }, nowMs);
}

const start = (stateOf: (at: number) => State): Live => told(nothingHeard('enwiki'), hour(stateOf));
const counting = (at: number): State => (at < -5 ? 'p' : 'n');

function humanOf(live: Live, at: number, nowMs = 0): number | null | undefined {
  const held = live.minutes.get(ts(at));
  return held && countsOf(held, nowMs).human;
}

describe('events', () => {
  test('replace minutes by time, also twice', () => {
    const once = told(start(counting), [minute(0, 5, 'n')]);
    expect(humanOf(once, 0)).toBe(5);
    expect(told(once, [minute(0, 5, 'n')]).minutes).toEqual(once.minutes);
    expect(once.minutes.size).toBe(60);
  });

  test('of another wiki change nothing', () => {
    const live = start(counting);
    expect(hear(live, { name: 'minutes', wiki: 'dewiki', minutes: [minute(0, 9, 'n')] }, 0)).toBe(live);
  });

  test('keep minutes that the API does not tell about any more, but not across a night', () => {
    const later = told(start(counting), [minute(1, 0, 'n')]);
    expect(later.minutes.size).toBe(61);
    const night = told(later, hour(counting, 480));
    expect([...night.minutes.keys()].at(0)).toBe(ts(421));
    expect(night.minutes.size).toBe(60);
  });

  test('that say the same status with a later second change nothing', () => {
    const status = { name: 'status', completeThrough: ts(-5), feed: 'live' } as const;
    const live = hear(start(counting), { ...status, newest: '2026-11-20T10:30:05.000Z' }, 0);
    expect(live).toMatchObject({ completeThrough: ts(-5), readTo: ts(0) });
    expect(hear(live, { ...status, newest: '2026-11-20T10:30:59.000Z' }, 0)).toBe(live);
    expect(hear(live, { ...status, newest: '2026-11-20T10:31:00.000Z' }, 0).readTo).toBe(ts(1));
    expect(hear(live, { ...status, newest: null, completeThrough: null }, 0)).toBe(live);
    expect(hear(live, { ...status, newest: null, feed: 'lost' }, 0).feed).toBe('lost');
  });
});

describe('numbers', () => {
  test.each(['n', 'p', 'u', 'g'] as const)('do not fall while a minute is %s', state => {
    const live = told(told(start(counting), [minute(0, 9, 'n')]), [minute(0, 4, state)]);
    expect(humanOf(live, 0)).toBe(9);
    expect(humanOf(told(live, [minute(0, null, state)]), 0)).toBe(9);
    expect(humanOf(told(live, [minute(0, 10, state)]), 0)).toBe(10);
  });

  test('fall when the hour was rebuilt', () => {
    expect(humanOf(told(told(start(counting), [minute(0, 9, 'n')]), [minute(0, 8, 'f')]), 0)).toBe(8);
  });

  test('fall when the API has said less for ten minutes, which is how long it keeps what is not stored', () => {
    const high = told(start(counting), [minute(0, 9, 'n')]);
    const less = told(told(high, [minute(0, 4, 'n')], 1_000), [minute(0, 5, 'n')], 60_000);
    expect(humanOf(less, 0, 600_999)).toBe(9);
    expect(humanOf(less, 0, 601_000)).toBe(5);
    expect(humanOf(told(less, [minute(0, 6, 'n')], 602_000), 0, 602_000)).toBe(6);
  });

  test('in gold stay in gold', () => {
    const live = told(start(counting), [minute(-20, 2, 'n'), minute(-21, 2, 'g'), minute(-22, 2, 'f')]);
    expect([-20, -21, -22].map(at => live.minutes.get(ts(at))?.state)).toEqual(['p', 'g', 'f']);
  });
});

describe('the rest of the page is stale', () => {
  const final = (at: number): State => (at < -30 ? 'f' : 'p');

  test('when an hour was rebuilt, and when an hour has passed', () => {
    const before = start(at => (at < -35 ? 'p' : counting(at)));
    const rebuilt = told(
      before,
      hour(at => (at < -30 ? 'f' : counting(at))),
    );
    expect(staleKey(rebuilt)).not.toBe(staleKey(before));
    const later = told(start(final), [minute(30, 0, 'n')]);
    expect(staleKey(later)).not.toBe(staleKey(start(final)));
  });

  test('and not because edits come or minutes pass', () => {
    const before = start(final);
    expect(staleKey(told(before, [minute(0, 7, 'p'), minute(1, 1, 'n')]))).toBe(staleKey(before));
  });

  test('each minute behind a hole, of which nothing tells what is complete', () => {
    const holed = start(at => (at < -30 && at > -40 ? 'u' : 'p'));
    expect(staleKey(told(holed, [minute(1, 0, 'n')]))).not.toBe(staleKey(holed));
    const unread = start(at => (at < -10 ? 'p' : 'u'));
    expect(staleKey(told(unread, [minute(1, null, 'u')]))).toBe(staleKey(unread));
  });

  test('is not known before the API has looked at gold', () => {
    expect(staleKey(nothingHeard('enwiki'))).toBeUndefined();
    expect(staleKey(start(() => 'n'))).toBeUndefined();
  });
});
