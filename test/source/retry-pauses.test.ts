/** Pauses between connections to a source, and when failures have lasted too long. */
import { describe, expect, test } from 'vitest';
import { RetryPauses } from '../../src/source/retry-pauses.ts';
import { RetryLater, refused, unreachable } from '../../src/source/source-failure.ts';

const URL = 'http://source';
const FAILURE = unreachable(URL, 'broken');
const asked = (ms: number): RetryLater => new RetryLater('later', URL, ms);
const wait = (pauseMs: number) => ({ kind: 'wait', pauseMs });

describe('the pause', () => {
  const pauses = (): RetryPauses => new RetryPauses({ afterMs: 3_600_000, countsPause: false });

  test('doubles with each failure in a row, up to a minute', () => {
    const some = pauses();
    const all = Array.from({ length: 9 }, () => some.next(FAILURE, 0, 1));
    expect(all).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].map(wait));
  });

  test('is at least half of that, whatever the jitter', () => {
    const some = pauses();
    expect([some.next(FAILURE, 0, 0), some.next(FAILURE, 0, 0.5)]).toEqual([wait(250), wait(750)]);
  });

  test('is longer after a refusal: from five seconds to a minute', () => {
    const some = pauses();
    const refusal = refused('blocked', URL, '', true);
    const all = Array.from({ length: 5 }, () => some.next(refusal, 0, 1));
    expect(all).toEqual([5_000, 10_000, 20_000, 40_000, 60_000].map(wait));
  });

  test('starts again at the shortest after a delivery', () => {
    const some = pauses();
    for (let n = 0; n < 5; n++) some.next(FAILURE, 0, 1);
    some.reset();
    expect(some.next(FAILURE, 0, 1)).toEqual(wait(500));
  });

  test('is as long as the server asks, and never shorter than our own', () => {
    const some = pauses();
    expect(some.next(asked(70_000), 0, 1)).toEqual(wait(70_000));
    expect(some.next(asked(10), 0, 1)).toEqual(wait(1_000));
  });
});

describe('giving up', () => {
  const giveUp = { kind: 'give_up' };

  test('comes once failures in a row have lasted longer than allowed', () => {
    const some = new RetryPauses({ afterMs: 1_000, countsPause: false });
    expect(some.next(FAILURE, 5_000, 0).kind).toBe('wait');
    expect(some.next(FAILURE, 6_000, 0).kind).toBe('wait');
    expect(some.next(FAILURE, 6_001, 0)).toEqual(giveUp);
  });

  test('measures from the first failure after a delivery', () => {
    const some = new RetryPauses({ afterMs: 1_000, countsPause: false });
    some.next(FAILURE, 0, 0);
    some.reset();
    expect(some.next(FAILURE, 10_000, 0).kind).toBe('wait');
    expect(some.next(FAILURE, 11_000, 0).kind).toBe('wait');
    expect(some.next(FAILURE, 11_001, 0)).toEqual(giveUp);
  });

  test('does not wait for a pause that would last too long, when pauses count', () => {
    const counting = (): RetryPauses => new RetryPauses({ afterMs: 1_000, countsPause: true });
    expect(counting().next(asked(1_000), 0, 0)).toEqual(wait(1_000));
    expect(counting().next(asked(1_001), 0, 0)).toEqual(giveUp);
    expect(new RetryPauses({ afterMs: 1_000, countsPause: false }).next(asked(1_001), 0, 0)).toEqual(
      wait(1_001),
    );
  });
});
