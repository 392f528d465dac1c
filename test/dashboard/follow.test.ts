/** ⑧ Listening, polling and resting with a fake clock. */
import { beforeEach, describe, expect, test } from 'vitest';
import { beginning, follow } from '../../src/dashboard/follow.ts';
import type { Effect, FollowEvent, Following } from '../../src/dashboard/follow.ts';

let nowMs: number;
let state: Following;
let effects: Effect[];

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 20, 10, 0);
  state = beginning(nowMs);
  effects = [];
});

function on(event: FollowEvent): void {
  const step = follow(state, event, nowMs, 1);
  state = step.next;
  effects.push(...step.effects);
}

/** Seconds with a tick each; `heard` also once a second. */
function pass(seconds: number, events: readonly FollowEvent[] = []): void {
  for (let second = 0; second < seconds; second += 1) {
    nowMs += 1_000;
    for (const event of [...events, { kind: 'tick' } as const]) on(event);
  }
}

function listen(): void {
  on({ kind: 'shown' });
  on({ kind: 'heard' });
  effects = [];
}

const HEARD = [{ kind: 'heard' }] as const;
const DROPPED = { kind: 'failed', isFinal: false } as const;
const REFUSED = { kind: 'failed', isFinal: true } as const;

describe('a page that is seen', () => {
  test('connects, asks for the rest, and listens from the first event on', () => {
    on({ kind: 'shown' });
    expect(state.mode.kind).toBe('connecting');
    expect(effects).toEqual(['join', 'reload']);
    on({ kind: 'heard' });
    pass(3_600, HEARD);
    expect(state.mode.kind).toBe('listening');
    expect(effects).toEqual(['join', 'reload']);
  });

  test.each([
    ['at once when the API refuses', [REFUSED]],
    ['when the connection fails twice', [DROPPED, DROPPED]],
  ])('polls %s', (_, failures) => {
    on({ kind: 'shown' });
    for (const [at, failure] of failures.entries()) {
      expect(state.mode.kind, `before failure ${at}`).toBe('connecting');
      on(failure);
    }
    expect(state.mode.kind).toBe('polling');
  });

  test('polls when nothing comes at first for ten seconds, and later for 45', () => {
    on({ kind: 'shown' });
    pass(9);
    expect(state.mode.kind).toBe('connecting');
    pass(1);
    expect(state.mode.kind).toBe('polling');
    on({ kind: 'heard' });
    pass(44);
    expect(state.mode.kind).toBe('listening');
    pass(1);
    expect(state.mode.kind).toBe('polling');
  });

  test('survives one failure: the browser connects again by itself', () => {
    listen();
    on(DROPPED);
    expect(state.mode.kind).toBe('connecting');
    pass(3);
    on({ kind: 'heard' });
    on(DROPPED);
    expect(state.mode.kind).toBe('connecting');
    expect(effects).toEqual([]);
  });

  test('that polls tries to listen again, ever more rarely, and listens as soon as anything comes', () => {
    on({ kind: 'shown' });
    on(REFUSED);
    effects = [];
    const tries: number[] = [];
    for (let second = 1; second <= 1_000; second += 1) {
      pass(1);
      if (effects.includes('reconnect')) {
        tries.push(second);
        on(REFUSED);
      }
      effects = [];
    }
    expect(tries).toEqual([10, 30, 70, 150, 310, 610, 910]);
    expect(state.mode.kind).toBe('polling');
    on({ kind: 'heard' });
    expect(state.mode.kind).toBe('listening');
    on(REFUSED);
    pass(10);
    expect(effects).toEqual(['reconnect']);
  });
});

describe('a hidden page', () => {
  test('leaves after a grace, and comes back to fresh data', () => {
    listen();
    on({ kind: 'hidden' });
    pass(9, HEARD);
    expect(state.mode.kind).toBe('listening');
    pass(1, HEARD);
    expect(state.mode.kind).toBe('resting');
    expect(effects).toEqual(['leave']);
    on({ kind: 'heard' });
    on(REFUSED);
    pass(3_600);
    expect(state.mode.kind).toBe('resting');
    on({ kind: 'shown' });
    expect(state.mode.kind).toBe('connecting');
    expect(effects).toEqual(['leave', 'join', 'reload']);
  });

  test('that is seen again within the grace stays connected', () => {
    listen();
    on({ kind: 'hidden' });
    pass(9, HEARD);
    on({ kind: 'shown' });
    pass(60, HEARD);
    expect(state.mode.kind).toBe('listening');
    expect(effects).toEqual([]);
  });

  test('that polls asks for nothing', () => {
    on({ kind: 'shown' });
    on(REFUSED);
    pass(5);
    on({ kind: 'hidden' });
    effects = [];
    pass(60);
    expect(effects).toEqual(['leave']);
  });

  test('that was opened hidden connects to nothing', () => {
    on({ kind: 'hidden' });
    pass(60);
    expect(effects).toEqual([]);
    on({ kind: 'shown' });
    expect(effects).toEqual(['join', 'reload']);
  });
});

describe('a machine that slept', () => {
  test.each([
    ['a night', 8 * 3_600],
    ['its clock set back', -3_600],
  ])('%s: the connection is dead and everything is old', (_, seconds) => {
    listen();
    nowMs += seconds * 1_000;
    on({ kind: 'tick' });
    expect(state.mode.kind).toBe('connecting');
    expect(effects).toEqual(['reconnect', 'reload']);
    on({ kind: 'heard' });
    pass(60, HEARD);
    expect(effects).toEqual(['reconnect', 'reload']);
  });

  test('while hidden, rests', () => {
    listen();
    on({ kind: 'hidden' });
    nowMs += 8 * 3_600_000;
    on({ kind: 'tick' });
    expect(state.mode.kind).toBe('resting');
    on({ kind: 'shown' });
    pass(1);
    expect(effects).toEqual(['leave', 'join', 'reload']);
  });

  test('and was polling tries to listen again', () => {
    on({ kind: 'shown' });
    on(REFUSED);
    effects = [];
    nowMs += 60_000;
    on({ kind: 'tick' });
    expect(state.mode.kind).toBe('connecting');
    expect(effects).toEqual(['reconnect', 'reload']);
  });
});
