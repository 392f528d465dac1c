/** Small JSON objects, each written once and read once, and sorted by an order in their names. */
import { expect, test } from 'vitest';
import { MetadataStore } from '../../../src/gold/parquet/metadata-store.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

interface Item {
  readonly id: string;
}

const open = (store: MemoryObjectStore, maxAgeMs = 60_000) =>
  new MetadataStore<Item>(store, 'gold/gaps/', maxAgeMs);

test('an item is visible at once to the process that wrote it, and with its next listing to another', async () => {
  const store = new MemoryObjectStore();
  const [writer, cached, uncached] = [open(store), open(store), open(store, 0)];
  for (const each of [writer, cached, uncached]) expect(await each.all()).toEqual([]);
  await writer.put('a', { id: 'a' });
  expect(await writer.all()).toEqual([{ id: 'a' }]);
  expect(await uncached.all()).toEqual([{ id: 'a' }]);
  expect(await cached.all()).toEqual([]);
  expect(await cached.allNow()).toEqual([{ id: 'a' }]);
});

test('the first item of an identity and order stays, and is read once', async () => {
  const store = new MemoryObjectStore();
  const items = open(store);
  await items.put('a', { id: 'first' });
  await items.put('a', { id: 'second' });
  for (let times = 0; times < 3; times += 1) expect(await items.allNow()).toEqual([{ id: 'first' }]);
  expect(store.calls.get).toBe(1);
});

test('lists items that sort after an order, without those of the order itself', async () => {
  const items = open(new MemoryObjectStore());
  for (const order of ['2026-11-20', '2026-11-22', '2026-11-21'])
    await items.put(order, { id: order }, order);
  expect(await items.all('2026-11-20')).toEqual([{ id: '2026-11-21' }, { id: '2026-11-22' }]);
  expect(await items.all()).toHaveLength(3);
});

test('an object that is not JSON is unreadable', async () => {
  const store = new MemoryObjectStore();
  await store.putIfAbsent('gold/gaps/x.json', Buffer.from('{'), { contentType: 'application/json' });
  await expect(open(store).all()).rejects.toMatchObject({
    code: 'object_unreadable',
    subject: 'gold/gaps/x.json',
  });
});
