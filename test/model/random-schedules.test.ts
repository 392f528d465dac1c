/**
 * Invariants 1 to 4 in large random schedules. fast-check prints seed and path of a schedule that breaks a rule.
 * `search.ts` says how long it searches.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { play, scripts } from './scripts.ts';
import { search } from './search.ts';
import { NOW_MS } from './topics.ts';

vi.mock('node:zlib', async original => (await import('./at-once.ts')).packing(await original()));
vi.mock('node:timers/promises', async () => (await import('./at-once.ts')).pauses);
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS }));
afterAll(() => void vi.useRealTimers());

const SEARCH = search(500);

test('writers that overlap, die and wake up store each event once, and the log stays valid', async () => {
  const total = { fenced: 0, killed: 0, records: 0 };
  const script = scripts();
  await fc.assert(
    fc.asyncProperty(script, async each => {
      const played = await play(each, new MemoryObjectStore({ pageSize: 3 }));
      total.fenced += played.fenced;
      total.killed += played.killed;
      total.records += played.records;
    }),
    SEARCH,
  );
  // Schedules without zombies and crashes would test little.
  expect(total.fenced).toBeGreaterThan(SEARCH.numRuns / 20);
  expect(total.killed).toBeGreaterThan(SEARCH.numRuns / 20);
  expect(total.records).toBeGreaterThan(SEARCH.numRuns * 3);
}, 1_800_000);
