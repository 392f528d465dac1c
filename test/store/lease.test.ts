/** The lease: one holder at a time, and a holder that may have lost it knows before another gets it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withLease } from '../../src/store/lease.ts';
import { MemoryObjectStore, storageDown } from '../support/memory-object-store.ts';
import { untilHolds } from '../support/until.ts';

const key = 'gold/_lease/test.json';

test('the second process waits, reports that once, and goes next', async () => {
  const store = new MemoryObjectStore();
  const order: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>(resolve => (release = resolve));
  const first = withLease(store, { key, onWait: () => order.push('first waits') }, async () => {
    order.push('first works');
    await held;
    order.push('first is done');
  });
  await untilHolds(() => expect(order).toEqual(['first works']));
  const second = withLease(store, { key, onWait: () => order.push('second waits') }, async () => {
    order.push('second works');
    return 2;
  });
  await untilHolds(() => expect(order).toContain('second waits'));
  release();
  await first;
  expect(await second).toBe(2);
  expect(order).toEqual(['first works', 'second waits', 'first is done', 'second works']);
});

test('many processes never work at the same time', async () => {
  const store = new MemoryObjectStore();
  let working = 0;
  const most: number[] = [];
  await Promise.all(
    Array.from({ length: 4 }, () =>
      withLease(store, { key, onWait: () => undefined }, async () => {
        working += 1;
        most.push(working);
        await sleep(5);
        working -= 1;
      }),
    ),
  );
  expect(most).toEqual([1, 1, 1, 1]);
});

test('a holder that cannot renew is aborted before another process gets the lease', async () => {
  const store = new MemoryObjectStore();
  const holdMs = 400;
  let isLostAt = Infinity;
  const first = withLease(store, { key, holdMs, onWait: () => undefined }, async lost => {
    // Cut off from the store, as by a broken network.
    store.before = operation => {
      if (operation === 'put') throw storageDown(key, true);
    };
    await new Promise<void>(resolve => lost.addEventListener('abort', () => resolve(), { once: true }));
    isLostAt = performance.now();
    store.before = () => undefined;
    expect(lost.reason).toMatchObject({ code: 'storage_unavailable' });
  });
  await untilHolds(async () => expect(await store.read(key)).toBeDefined());
  const second = withLease(store, { key, holdMs, onWait: () => undefined }, async () => performance.now());
  await first;
  expect(await second).toBeGreaterThan(isLostAt);
});

test('work that fails releases it', async () => {
  const store = new MemoryObjectStore();
  const failing = withLease(store, { key, onWait: () => undefined }, async () => {
    throw new Error('no luck');
  });
  await expect(failing).rejects.toThrow('no luck');
  let waited = false;
  await withLease(store, { key, onWait: () => (waited = true) }, async () => undefined);
  expect(waited).toBe(false);
});

test('a renewal whose response was lost keeps it', async () => {
  const store = new MemoryObjectStore();
  let lostResponses = 0;
  store.afterReplace = () => {
    lostResponses += 1;
    if (lostResponses > 1) throw storageDown(key, true);
  };
  await withLease(store, { key, holdMs: 1_000, onWait: () => undefined }, async lost => {
    await untilHolds(() => expect(lostResponses).toBeGreaterThan(3));
    expect(lost.aborted).toBe(false);
    store.afterReplace = () => undefined;
  });
});
