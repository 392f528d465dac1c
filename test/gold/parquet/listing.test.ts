/** Concurrent callers share one listing, it is reused until its maximum age, and an error is never cached. */
import { expect, test } from 'vitest';
import { Listing } from '../../../src/gold/parquet/listing.ts';
import { MemoryObjectStore, storageDown } from '../../support/memory-object-store.ts';

async function storeWith(...keys: string[]): Promise<MemoryObjectStore> {
  const store = new MemoryObjectStore({ pageSize: 2 });
  for (const key of keys) await store.replace(key, undefined, new TextEncoder().encode(key));
  return store;
}
const keysOf = async (listing: Listing, after: string): Promise<string[]> =>
  (await listing.since(after)).map(({ key }) => key);

test('concurrent calls share one listing, which also serves a later start', async () => {
  const store = await storeWith('a/1', 'a/2', 'a/3', 'b/1');
  const listing = new Listing(store, 'a/', 60_000);
  const answers = await Promise.all([keysOf(listing, 'a/'), keysOf(listing, 'a/'), keysOf(listing, 'a/1')]);
  expect(answers).toEqual([
    ['a/1', 'a/2', 'a/3'],
    ['a/1', 'a/2', 'a/3'],
    ['a/2', 'a/3'],
  ]);
  // Two pages.
  expect(store.calls.list).toBe(2);
});

test('an earlier start is listed again', async () => {
  const store = await storeWith('a/1', 'a/2');
  const listing = new Listing(store, 'a/', 60_000);
  expect(await keysOf(listing, 'a/1')).toEqual(['a/2']);
  expect(await keysOf(listing, 'a/')).toEqual(['a/1', 'a/2']);
});

test('lists again after the maximum age, or after `forget`', async () => {
  const store = await storeWith('a/1');
  const aged = new Listing(store, 'a/', 0);
  const kept = new Listing(store, 'a/', 60_000);
  expect(await keysOf(kept, 'a/')).toEqual(['a/1']);
  await store.replace('a/2', undefined, new Uint8Array());
  expect(await keysOf(aged, 'a/')).toEqual(['a/1', 'a/2']);
  expect(await keysOf(kept, 'a/')).toEqual(['a/1']);
  kept.forget();
  expect(await keysOf(kept, 'a/')).toEqual(['a/1', 'a/2']);
});

test('a failure reaches every waiting caller, and is not cached', async () => {
  const store = await storeWith('a/1');
  const listing = new Listing(store, 'a/', 60_000);
  store.before = () => {
    throw storageDown('a/', true);
  };
  const failed = await Promise.allSettled([listing.since('a/'), listing.since('a/')]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  store.before = () => undefined;
  expect(await keysOf(listing, 'a/')).toEqual(['a/1']);
});
