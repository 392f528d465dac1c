/** The detector of one wiki: every look in every state, and what becomes of a burst from its first minute to its last. */
import { describe, expect, test } from 'vitest';
import { anomalyId } from '../../../src/core/usual/anomaly.ts';
import type { Anomaly, Counted } from '../../../src/core/usual/anomaly.ts';
import { next, stateAfter } from '../../../src/core/usual/detect.ts';
import type { DetectorEffect, DetectorState } from '../../../src/core/usual/detect.ts';
import { LOOK_SECONDS, lookAt } from '../../../src/core/usual/readings.ts';
import type { Look } from '../../../src/core/usual/readings.ts';
import { HOUR, MONDAY, steady } from './hours.ts';

type StateKind = DetectorState['kind'];
type LookKind = Look['kind'];
/** `state: effects`; `-` when nothing is recorded. */
type Expected = `${StateKind}: ${DetectorEffect['kind'] | '-'}`;

const SUBJECT = { wiki: 'enwiki', account: 'human' } as const;
const MINUTE = 60;
/** Half past ten. */
const AT = MONDAY + 10 * HOUR + 30 * MINUTE;
const window = (from: number, to: number, edits: number, expected: number): Counted => ({
  from,
  to,
  edits,
  expected,
});
const latest = window(AT - 300, AT, 90, 10);

const ANOMALY: Anomaly = {
  id: anomalyId('enwiki', 'human', AT - 1_200),
  ...SUBJECT,
  from: AT - 1_200,
  to: null,
  noticedAt: AT - 900,
  countedTo: AT - 300,
  edits: 300,
  expected: 30,
  peak: window(AT - 1_200, AT - 900, 110, 10),
};
const ENDED: Anomaly = { ...ANOMALY, to: AT - 600, countedTo: AT - 600 };

const STATES: { readonly [K in StateKind]: Extract<DetectorState, { kind: K }> } = {
  usual: { kind: 'usual' },
  unusual: { kind: 'unusual', anomaly: ANOMALY },
  settled: { kind: 'settled', anomaly: ENDED, to: AT - 600 },
};
const LOOKS: { readonly [K in LookKind]: Extract<Look, { kind: K }> } = {
  unusual: { kind: 'unusual', at: AT, latest, unusual: [latest] },
  raised: { kind: 'raised', at: AT, latest: window(AT - 300, AT, 25, 10) },
  calm: { kind: 'calm', at: AT, latest: window(AT - 300, AT, 9, 10), calm: window(AT - 900, AT, 31, 30) },
  unknown: { kind: 'unknown', at: AT },
};

/** A state or a look that is missing here does not compile. */
const TABLE: Record<StateKind, Record<LookKind, Expected>> = {
  usual: { unusual: 'unusual: begin', raised: 'usual: -', calm: 'usual: -', unknown: 'usual: -' },
  unusual: { unusual: 'unusual: grow', raised: 'unusual: grow', calm: 'settled: end', unknown: 'unusual: -' },
  settled: { unusual: 'unusual: grow', raised: 'settled: -', calm: 'settled: -', unknown: 'settled: -' },
};

const show = ({ state, effects }: ReturnType<typeof next>): string =>
  `${state.kind}: ${effects.map(({ kind }) => kind).join(', ') || '-'}`;

describe('transitions', () => {
  const cases = Object.entries(TABLE).flatMap(([state, row]) =>
    Object.entries(row).map(([look, expected]) => ({
      state: state as StateKind,
      look: look as LookKind,
      expected,
    })),
  );
  test.each(cases)('$state + $look → $expected', ({ state, look, expected }) => {
    expect(show(next(STATES[state], LOOKS[look], SUBJECT))).toBe(expected);
  });
});

/** Ten edits a minute for nine weeks, and what a test says of today. @param perMinute edits of a minute; undefined: not known */
function watch(
  perMinute: (minute: number) => number | undefined,
  { from = 0, to, hourly = 600 }: { from?: number; to: number; hourly?: number },
): readonly DetectorEffect[] {
  const usual = steady(hourly, MONDAY + HOUR);
  let state: DetectorState = { kind: 'usual' };
  const recorded: DetectorEffect[] = [];
  for (let at = MONDAY + from * MINUTE; at <= MONDAY + to * MINUTE; at += LOOK_SECONDS) {
    const look = lookAt(usual, at, range => {
      let sum = 0;
      for (let second = range.from; second < range.to; second += MINUTE) {
        const edits = perMinute((second - MONDAY) / MINUTE);
        if (edits === undefined) return undefined;
        sum += edits;
      }
      return sum;
    });
    const { state: after, effects } = next(state, look, SUBJECT);
    // What a worker knows after a restart is the latest anomaly.
    const [effect] = effects.slice(-1);
    state = effect === undefined ? after : stateAfter(effect.anomaly);
    recorded.push(...effects);
  }
  return recorded;
}

const minutesOf = (second: number | null): number | null =>
  second === null ? null : (second - MONDAY) / MINUTE;

describe('a burst', () => {
  const burst =
    (from: number, to: number, edits: number, usual = 10) =>
    (minute: number) =>
      minute >= from && minute < to ? edits : usual;

  test('is one anomaly, noticed within five minutes, that ends when it does', () => {
    const recorded = watch(burst(100, 140, 80), { to: 400 });
    expect(recorded.map(({ kind }) => kind)).toEqual([
      'begin',
      ...Array.from({ length: 9 }, () => 'grow'),
      'end',
    ]);
    const [begin] = recorded;
    const last = recorded.at(-1)?.anomaly;
    expect(minutesOf(begin?.anomaly.noticedAt ?? null)).toBe(105);
    expect(last).toMatchObject({ id: begin?.anomaly.id, edits: 40 * 80, expected: 40 * 10 });
    expect([minutesOf(last?.from ?? null), minutesOf(last?.to ?? null)]).toEqual([100, 140]);
    expect(last?.peak).toMatchObject({ edits: 400, expected: 50 });
  });

  test('that comes again within the hour is the same', () => {
    const recorded = watch(
      minute => (burst(100, 110, 90)(minute) === 90 ? 90 : burst(150, 160, 120)(minute)),
      {
        to: 400,
      },
    );
    expect(new Set(recorded.map(({ anomaly }) => anomaly.id)).size).toBe(1);
    const last = recorded.at(-1);
    expect(last?.kind).toBe('end');
    expect([minutesOf(last?.anomaly.from ?? null), minutesOf(last?.anomaly.to ?? null)]).toEqual([100, 160]);
    expect(last?.anomaly.peak.edits).toBe(600);
  });

  test('that comes hours later is another one', () => {
    const recorded = watch(
      minute => (minute >= 300 ? burst(300, 310, 90)(minute) : burst(100, 110, 90)(minute)),
      {
        to: 400,
      },
    );
    expect(recorded.filter(({ kind }) => kind === 'begin')).toHaveLength(2);
    expect(recorded.filter(({ kind }) => kind === 'end')).toHaveLength(2);
  });

  test('of a small wiki needs a hundred edits', () => {
    const quiet = { to: 400, hourly: 6 };
    expect(watch(burst(100, 130, 3, 0.1), quiet)).toEqual([]);
    expect(watch(burst(100, 130, 5, 0.1), quiet).map(({ kind }) => kind)).toContain('begin');
  });

  test('of twice the usual is none, however large the wiki', () => {
    expect(watch(burst(100, 200, 2_500, 1_000), { to: 300, hourly: 60_000 })).toEqual([]);
  });

  test('that nobody sees the end of ends where it was last seen', () => {
    const recorded = watch(minute => (minute >= 120 ? undefined : burst(100, 500, 80)(minute)), { to: 300 });
    expect(recorded.at(-1)).toMatchObject({ kind: 'end', anomaly: { to: MONDAY + 120 * MINUTE } });
  });

  test('that lasts longer than a day ends, and begins again', () => {
    const recorded = watch(burst(100, 4_000, 80), { to: 30 * 60 });
    expect(recorded.filter(({ kind }) => kind !== 'grow').map(({ kind }) => kind)).toEqual([
      'begin',
      'end',
      'begin',
    ]);
  });
});

test('an id follows from wiki, account and start', () => {
  expect(anomalyId('enwiki', 'human', AT)).toBe(anomalyId('enwiki', 'human', AT));
  const others = [
    anomalyId('dewiki', 'human', AT),
    anomalyId('enwiki', 'bot', AT),
    anomalyId('enwiki', 'human', AT + 300),
  ];
  expect(new Set([anomalyId('enwiki', 'human', AT), ...others]).size).toBe(4);
  expect(anomalyId('enwiki', 'human', MONDAY)).toMatch(/^[0-9a-f]{16}$/);
});
