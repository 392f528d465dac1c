/**
 * Invariants 1 to 4 in every schedule of small cases: writers that overlap, crashes between any two S3 calls, lost
 * answers. The code is the product's; S3 is a map with a conditional PUT. With `MODEL_RUNS` set, as by
 * `npm run test:long`, larger cases run as well, which takes minutes.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { exploreAll } from './explore.ts';
import type { SmallCase } from './explore.ts';
import { NOW_MS, Stream, message } from './topics.ts';
import type { Attempt } from './writer.ts';

vi.mock('node:zlib', async original => (await import('./at-once.ts')).packing(await original()));
vi.mock('node:timers/promises', async () => (await import('./at-once.ts')).pauses);
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS }));
afterAll(() => void vi.useRealTimers());

/** The third is late: without the overlap no writer would ask for it again. */
const MESSAGES = [message(0, 0), message(1, 50_000), message(2, 10_000)];

/** Writers of one letter each. */
function smallCase(
  writers: string,
  shape: { events: number; flushLines: number; lost?: number; sweepers?: string },
): SmallCase {
  const { events, flushLines, lost = 0, sweepers = '' } = shape;
  const attempt = (name: string): Attempt => {
    return { name, stream: new Stream(MESSAGES.slice(0, events)), plan: [], flushLines, memory: 300_000 };
  };
  return {
    writers: Array.from(writers, attempt),
    healer: attempt('z'),
    lost,
    sweepers: Array.from(sweepers),
  };
}

const QUICK: [string, SmallCase][] = [
  ['two writers, three events in two flushes', smallCase('ab', { events: 3, flushLines: 2 })],
  ['two writers, an answer lost', smallCase('ab', { events: 1, flushLines: 1, lost: 1 })],
  ['two writers, one sweeps', smallCase('ab', { events: 1, flushLines: 1, sweepers: 'b' })],
];
const LONG: [string, SmallCase][] = [
  ['two writers, two flushes, an answer lost', smallCase('ab', { events: 2, flushLines: 1, lost: 1 })],
  ['three writers', smallCase('abc', { events: 1, flushLines: 1 })],
  [
    'two writers, one sweeps, an answer lost',
    smallCase('ab', { events: 1, flushLines: 1, sweepers: 'b', lost: 1 }),
  ],
  ['two writers that sweep', smallCase('ab', { events: 1, flushLines: 1, sweepers: 'ab' })],
  ['two writers, three flushes, answers lost', smallCase('ab', { events: 3, flushLines: 1, lost: 2 })],
];

describe('every schedule of', () => {
  test.each('MODEL_RUNS' in process.env ? [...QUICK, ...LONG] : QUICK)(
    '%s',
    { timeout: 600_000 },
    async (name, small) => {
      const { schedules, states, stores, longest } = await exploreAll(small);
      console.log(
        `${name}: ${schedules} schedules of up to ${longest} steps, ${states} states, ${stores} stores`,
      );
      // Two writers that never overlap would test nothing.
      expect(schedules).toBeGreaterThan(1_000n);
    },
  );
});
