/** The clock that measures silence runs only while we wait. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WaitingClock } from '../../src/backfill/waiting-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('runs between run and stop, and stands still otherwise', () => {
  const clock = new WaitingClock();
  vi.advanceTimersByTime(50);
  expect(clock.now()).toBe(0);
  clock.run();
  vi.advanceTimersByTime(30);
  clock.run();
  vi.advanceTimersByTime(30);
  expect(clock.now()).toBe(60);
  clock.stop();
  clock.stop();
  vi.advanceTimersByTime(500);
  expect(clock.now()).toBe(60);
  clock.run();
  vi.advanceTimersByTime(5);
  expect(clock.now()).toBe(65);
});
