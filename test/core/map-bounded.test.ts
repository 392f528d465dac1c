/** Work on many items, a few at a time: results in order, a bound on parallel work, and the first failure thrown. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapBounded } from '../../src/core/map-bounded.ts';

/** Work that the test finishes by hand. */
function held() {
  const waiting: { item: number; finish: (result: string) => void; fail: (error: Error) => void }[] = [];
  const started: number[] = [];
  const work = (item: number): Promise<string> =>
    new Promise((finish, fail) => {
      started.push(item);
      waiting.push({ item, finish, fail });
    });
  const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
  return { waiting, started, work, settled };
}

describe('mapBounded', () => {
  test('returns results in the order of the items, whichever finishes first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat()),
        fc.integer({ min: 1, max: 5 }),
        async (scheduler, items, limit) => {
          const mapped = mapBounded(items, limit, item =>
            scheduler.schedule(Promise.resolve(`done ${item}`)),
          );
          await scheduler.waitFor(mapped);
          expect(await mapped).toEqual(items.map(item => `done ${item}`));
        },
      ),
    );
  });

  test('keeps exactly as many items in progress as the limit allows while there is work', async () => {
    const { waiting, started, work, settled } = held();
    const mapped = mapBounded([0, 1, 2, 3, 4], 2, work);
    await settled();
    expect(started).toEqual([0, 1]);
    waiting[1]?.finish('b');
    await settled();
    expect(started).toEqual([0, 1, 2]);
    waiting[2]?.finish('c');
    await settled();
    expect(started).toEqual([0, 1, 2, 3]);
    for (const at of [0, 3]) waiting[at]?.finish(`${at}`);
    await settled();
    waiting[4]?.finish('e');
    expect(await mapped).toEqual(['0', 'b', 'c', '3', 'e']);
  });

  test('does each item once, and nothing when there are none', async () => {
    const seen: number[] = [];
    const items = Array.from({ length: 100 }, (_, i) => i);
    await mapBounded(items, 7, async item => {
      await Promise.resolve();
      seen.push(item);
    });
    expect(seen.toSorted((a, b) => a - b)).toEqual(items);
    expect(await mapBounded([], 7, () => Promise.reject(new Error('never called')))).toEqual([]);
  });

  test('rejects with the first failure even if more follow', async () => {
    const { waiting, work, settled } = held();
    const mapped = mapBounded([0, 1, 2], 3, work);
    await settled();
    waiting[1]?.fail(new Error('first'));
    waiting[0]?.fail(new Error('second'));
    waiting[2]?.fail(new Error('third'));
    await expect(mapped).rejects.toThrow('first');
    await settled();
  });

  test('rejects when the work throws instead of rejecting', async () => {
    const throwing = (): Promise<never> => {
      throw new Error('thrown');
    };
    await expect(mapBounded([1], 1, throwing)).rejects.toThrow('thrown');
  });

  test('starts nothing more after a failure', async () => {
    const { waiting, started, work, settled } = held();
    const mapped = mapBounded([0, 1, 2, 3], 2, work);
    await settled();
    waiting[0]?.fail(new Error('failed'));
    await expect(mapped).rejects.toThrow('failed');
    waiting[1]?.finish('b');
    await settled();
    expect(started).toEqual([0, 1]);
  });
});
