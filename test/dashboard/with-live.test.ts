/** ⑧ The end of a range replaced by what is told of the newest minutes: one list of minutes at each instant. */
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../src/core/time.ts';
import type { Knowledge, Standing } from '../../src/dashboard/knowledge.ts';
import { standingsOf } from '../../src/dashboard/knowledge.ts';
import { hear, nothingHeard } from '../../src/dashboard/live-minutes.ts';
import type { Live, LiveMinute } from '../../src/dashboard/live-minutes.ts';
import { withLive } from '../../src/dashboard/with-live.ts';
import { COUNTING, FULL, GAP, NEVER, PENDING, PROVISIONAL, knownFrom } from './known.ts';

const T = Date.UTC(2026, 10, 20, 10, 30) / 1000;
const ts = (minute: number): string => isoSeconds(T + minute * 60);
const msOf = (minute: number): number => (T + minute * 60) * 1000;

type Parts = readonly (readonly [number, Standing])[];

/** An answer of T and 30 seconds: one human edit in each minute up to `newest`. */
function base(newest: number, ...parts: Parts) {
  const rows = Array.from({ length: 200 + newest }, (_, at) => at - 199).map(at => ({
    ts: ts(at),
    total: 1,
    human: 1,
    bot: 0,
  }));
  const knowledge: Knowledge = knownFrom(T, 1, ...parts);
  return { value: { rows, knowledge }, atMs: msOf(0.5) };
}
/** Gold has everything up to ten minutes ago, and five of these minutes may still change. */
const BASE = base(-10, [-199, FULL], [-15, PROVISIONAL], [-9, COUNTING]);

const letters = (at: number): LiveMinute['state'] => (at < -9 ? 'p' : 'n');

/** Told: the hour up to T + `last` minutes, with 3 edits a minute. */
function live(last = 0, stateOf = letters, human: (at: number) => number | null = () => 3): Live {
  const minutes = Array.from({ length: 60 }, (_, index): LiveMinute => {
    const at = last - 59 + index;
    return { ts: ts(at), human: human(at), bot: human(at) === null ? null : 0, state: stateOf(at) };
  });
  const heard = hear(nothingHeard('enwiki'), { name: 'snapshot', wiki: 'enwiki', minutes }, 0);
  const newest = new Date(msOf(last) + 20_000).toISOString();
  return hear(heard, { name: 'status', completeThrough: ts(-15), newest, feed: 'live' }, 0);
}

const listening = (told: Live) => ({ live: told, endedMs: undefined });

function kindsOf({ value }: ReturnType<typeof withLive>, from: number, to: number): string[] {
  return standingsOf(value.knowledge, T + from * 60, T + to * 60).map(({ kind }) => kind);
}
function totalsOf({ value }: ReturnType<typeof withLive>, from: number, to: number): (number | undefined)[] {
  const totals = new Map(value.rows.map(row => [row.ts, row.total]));
  return Array.from({ length: to - from + 1 }, (_, at) => totals.get(ts(from + at)));
}

describe('while the page listens', () => {
  test('the last hour is what was told, and everything before is the answer', () => {
    const shown = withLive(BASE, listening(live()), 0);
    expect(totalsOf(shown, -61, -58)).toEqual([1, 1, 3, 3]);
    expect(totalsOf(shown, -1, 0)).toEqual([3, 3]);
    expect(shown.value.rows.map(row => row.ts)).toEqual(
      shown.value.rows.map(row => row.ts).sort((a, b) => (a < b ? -1 : 1)),
    );
    expect(shown.value.rows).toHaveLength(200);
  });

  test('minutes become full as they are told to be complete, and are pending once they are over', () => {
    const shown = withLive(BASE, listening(live()), 0);
    expect(kindsOf(shown, -17, -8)).toEqual([
      ...Array.from({ length: 2 }, () => 'full'),
      ...Array.from({ length: 6 }, () => 'provisional'),
      'pending',
      'pending',
    ]);
    expect(kindsOf(shown, -1, 0)).toEqual(['pending', 'counting']);
  });

  test('time goes on with the minutes, although the answer grows old', () => {
    const told = hear(
      live(),
      {
        name: 'minutes',
        wiki: 'enwiki',
        minutes: live(40).minutes.size > 0 ? [...live(40).minutes.values()] : [],
      },
      0,
    );
    const shown = withLive(BASE, listening(told), 0);
    expect(shown.nowSec).toBe(T + 40 * 60);
    // Also minutes that are not told about any more.
    expect(totalsOf(shown, -40, 40)).toEqual(Array.from({ length: 81 }, () => 3));
    expect(withLive({ ...BASE, atMs: msOf(41) }, listening(told), 0).nowSec).toBe(T + 41 * 60);
  });

  test('a newer answer knows more of the minutes before the last hour', () => {
    const told = hear(
      live(),
      { name: 'snapshot', wiki: 'enwiki', minutes: [...live(40).minutes.values()] },
      0,
    );
    const later = { value: base(40, [-199, FULL]).value, atMs: msOf(40.5) };
    expect(totalsOf(withLive(later, listening(told), 0), -20, -18)).toEqual([1, 3, 3]);
  });

  test('what an API says that has not looked at gold yet lowers no standing', () => {
    const known = base(
      -10,
      [-199, NEVER],
      [-100, FULL],
      [-40, NEVER],
      [-30, GAP],
      [-20, FULL],
      [-9, COUNTING],
    );
    for (const state of ['n', 'u'] as const) {
      const shown = withLive(
        known,
        listening(
          live(
            0,
            () => state,
            at => (at < -9 ? null : 3),
          ),
        ),
        0,
      );
      expect(kindsOf(shown, -59, -1).filter((kind, at, all) => kind !== all[at - 1])).toEqual([
        'full',
        'unread',
        'gap',
        'full',
        state === 'n' ? 'pending' : 'counting',
      ]);
      expect(totalsOf(shown, -59, -59)).toEqual([1]);
    }
  });

  test('a gap is one whatever was known, and an hour that was filled is read', () => {
    const known = base(-10, [-199, FULL], [-50, NEVER], [-30, FULL]);
    const shown = withLive(known, listening(live(0, at => (at < -40 ? 'p' : 'g'))), 0);
    expect(kindsOf(shown, -41, -38)).toEqual(['full', 'gap', 'gap', 'gap']);
  });

  test('a count that is not known is not 0', () => {
    const shown = withLive(BASE, listening(live(0, letters, () => null)), 0);
    expect(totalsOf(shown, -11, -8)).toEqual([1, 1, undefined, undefined]);
    expect(kindsOf(shown, -9, 0)).toEqual(Array.from({ length: 10 }, () => 'counting'));
  });

  test('after a night asleep the page stays as it was until the rest has come', () => {
    const told = listening(live(480));
    const shown = withLive(BASE, told, 0);
    expect(shown).toEqual({ value: BASE.value, nowSec: T + 30 });
    const fresh = { value: base(470, [-199, FULL]).value, atMs: msOf(480.2) };
    expect(withLive(fresh, told, 0).nowSec).toBeGreaterThan(T + 479 * 60);
  });

  test('an answer without knowledge still says so', () => {
    const knowledge: Knowledge = { kind: 'unavailable', message: 'x' };
    const shown = withLive({ ...BASE, value: { ...BASE.value, knowledge } }, listening(live()), 0);
    expect(shown.value.knowledge).toEqual(knowledge);
  });
});

describe('when the page polls again', () => {
  const ended = { live: live(), endedMs: msOf(0.6) };

  test('nothing changes until there is an answer', () => {
    expect(withLive(BASE, ended, 0)).toEqual(withLive(BASE, listening(live()), 0));
  });

  test('the answer decides, but no number falls because gold is slower', () => {
    const polled = { ...base(-8, [-199, FULL], [-15, PROVISIONAL], [-8, COUNTING]), atMs: msOf(1.5) };
    const shown = withLive(polled, ended, 0);
    expect(kindsOf(shown, -10, -7)).toEqual(['provisional', 'provisional', 'pending', 'pending']);
    expect(totalsOf(shown, -10, 0)).toEqual(Array.from({ length: 11 }, () => 3));
    expect(shown.nowSec).toBe(T + 90);
  });

  test('and after ten minutes it is all there is', () => {
    const polled = { value: BASE.value, atMs: msOf(11) };
    expect(withLive(polled, ended, 0)).toEqual({ value: BASE.value, nowSec: T + 660 });
  });
});

test('without anything told, the answer is what is shown', () => {
  expect(withLive(BASE, undefined, 0)).toEqual({ value: BASE.value, nowSec: T + 30 });
  expect(withLive(BASE, listening(nothingHeard('enwiki')), 0).value).toBe(BASE.value);
  expect(kindsOf(withLive(BASE, undefined, 0), -9, -9)).toEqual([COUNTING.kind]);
  expect(PENDING.kind).toBe('pending');
});
