/** ⑧ Following with a fake clock and a fake connection. */
import { beforeEach, describe, expect, test } from 'vitest';
import { isoSeconds } from '../../src/core/time.ts';
import { createFollower } from '../../src/dashboard/follower.ts';
import type { Follower, Heard, Listening } from '../../src/dashboard/follower.ts';
import type { LiveMinute } from '../../src/dashboard/live-minutes.ts';

const T = Date.UTC(2026, 10, 20, 10, 30) / 1000;

let nowMs: number;
let calls: string[];
let seen: Listening[];
let say: (heard: Heard) => void;
let follower: Follower;

beforeEach(() => {
  [nowMs, calls, seen] = [T * 1000, [], []];
  follower = createFollower({
    wikis: ['enwiki'],
    before: [],
    join: (wikis, onHeard) => {
      calls.push(`join ${wikis.join(' ')}`);
      say = onHeard;
      return { reconnect: () => void calls.push('reconnect'), leave: () => void calls.push('leave') };
    },
    reload: () => void calls.push('reload'),
    onChange: listening => void seen.push(listening),
    nowMs: () => nowMs,
    random: () => 0.5,
  });
});

function pass(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    nowMs += 1_000;
    follower.tick();
  }
}

/** The hour up to T: final up to a minute, then provisional. */
function snapshot(finalTo: number, human = 1): Heard {
  const minutes = Array.from({ length: 60 }, (_, index): LiveMinute => {
    const at = index - 59;
    return { ts: isoSeconds(T + at * 60), human, bot: 0, state: at < finalTo ? 'f' : 'p' };
  });
  return { kind: 'event', event: { name: 'snapshot', wiki: 'enwiki', minutes } };
}

const status = (second: number): Heard => ({
  kind: 'event',
  event: {
    name: 'status',
    completeThrough: null,
    newest: new Date((T + second) * 1000).toISOString(),
    feed: 'live',
  },
});

describe('a follower', () => {
  test('connects once it is seen, and shows what it hears', () => {
    expect(calls).toEqual([]);
    follower.setHidden(false);
    expect(calls).toEqual(['join enwiki', 'reload']);
    expect(seen.at(-1)).toMatchObject({ mode: 'connecting', endedMs: undefined });
    say(snapshot(-30));
    expect(seen.at(-1)).toMatchObject({ mode: 'listening', endedMs: undefined });
    expect(seen.at(-1)?.live.minutes.size).toBe(60);
  });

  test('asks again for what events do not tell of when its version changes, and hears how the pipeline is', () => {
    const pipeline = (version: string): Heard => ({
      kind: 'event',
      event: { name: 'pipeline', version, temporal: { reachable: true } },
    });
    follower.setHidden(false);
    say(snapshot(-30));
    say(pipeline('a'));
    say(pipeline('a'));
    pass(30);
    expect(calls).toEqual(['join enwiki', 'reload']);
    expect(seen.at(-1)?.live.health).toEqual({ temporal: { reachable: true } });
    say(pipeline('b'));
    pass(4);
    // Open pages do not ask all at once.
    expect(calls).toEqual(['join enwiki', 'reload']);
    pass(2);
    expect(calls).toEqual(['join enwiki', 'reload', 'reload']);
  });

  test('draws nothing anew while nothing changes', () => {
    follower.setHidden(false);
    say(snapshot(-30));
    say(status(1));
    const drawn = seen.length;
    for (let second = 2; second < 59; second += 1) {
      say(status(second));
      pass(1);
    }
    expect(seen).toHaveLength(drawn);
    expect(seen.at(-1)?.mode).toBe('listening');
  });

  test('keeps what it heard when the connection is lost, and says since when', () => {
    follower.setHidden(false);
    say(snapshot(-30));
    pass(5);
    say({ kind: 'failed', isFinal: true });
    expect(seen.at(-1)).toMatchObject({ mode: 'polling', endedMs: T * 1000 });
    expect(seen.at(-1)?.live.minutes.size).toBe(60);
  });

  test('asks again for the range within ten seconds of the rebuild of an hour, once', () => {
    follower.setHidden(false);
    say(snapshot(-60));
    calls = [];
    say(snapshot(-30));
    pass(4);
    expect(calls).toEqual([]);
    pass(1);
    expect(calls).toEqual(['reload']);
    for (let second = 0; second < 60; second += 1) {
      pass(1);
      say(snapshot(-30, second));
    }
    expect(calls).toEqual(['reload']);
  });

  test('leaves when it is hidden or stopped, and joins again', () => {
    follower.setHidden(false);
    say(snapshot(-30));
    follower.setHidden(true);
    pass(10);
    follower.setHidden(false);
    expect(calls).toEqual(['join enwiki', 'reload', 'leave', 'join enwiki', 'reload']);
    follower.stop();
    expect(calls.at(-1)).toBe('leave');
  });

  test('connects anew after a night asleep, and asks again for everything', () => {
    follower.setHidden(false);
    say(snapshot(-30));
    nowMs += 8 * 3_600_000;
    follower.tick();
    expect(calls.slice(-2)).toEqual(['reconnect', 'reload']);
    expect(seen.at(-1)).toMatchObject({ mode: 'connecting', endedMs: T * 1000 });
  });
});

describe('a follower of several wikis', () => {
  const of = (wiki: string): Heard => {
    const minutes: LiveMinute[] = [{ ts: isoSeconds(T), human: 1, bot: 0, state: 'p' }];
    return { kind: 'event', event: { name: 'snapshot', wiki, minutes } };
  };
  const join = (wikis: readonly string[], before: Listening | undefined): void => {
    follower = createFollower({
      wikis,
      before: before?.lives ?? [],
      join: (names, onHeard) => {
        calls.push(`join ${names.join(' ')}`);
        say = onHeard;
        return { reconnect: () => undefined, leave: () => undefined };
      },
      reload: () => undefined,
      onChange: listening => void seen.push(listening),
      nowMs: () => nowMs,
      random: () => 0.5,
    });
    follower.setHidden(false);
  };
  const sizes = (): unknown => seen.at(-1)?.lives.map(({ wiki, minutes }) => [wiki, minutes.size]);

  test('hears each of them over one connection', () => {
    join(['enwiki', 'dewiki'], undefined);
    expect(calls).toEqual(['join enwiki dewiki']);
    say(of('dewiki'));
    expect(sizes()).toEqual([
      ['enwiki', 0],
      ['dewiki', 1],
    ]);
    expect(seen.at(-1)?.live.wiki).toBe('enwiki');
    say(status(5));
    expect(seen.at(-1)?.lives.map(({ readTo }) => readTo)).toEqual([isoSeconds(T), isoSeconds(T)]);
  });

  test('begins with what was heard before another wiki joined', () => {
    join(['enwiki'], undefined);
    say(of('enwiki'));
    join(['enwiki', 'dewiki'], seen.at(-1));
    expect(sizes()).toEqual([
      ['enwiki', 1],
      ['dewiki', 0],
    ]);
  });
});
