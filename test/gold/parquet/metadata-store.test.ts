/** Small JSON objects, each written once and read once, and sorted by an order in their names. */
import { expect, test } from 'vitest';
import { isObject } from '../../../src/core/json.ts';
import { MetadataStore } from '../../../src/gold/parquet/metadata-store.ts';
import { UnreadableObjects } from '../../../src/gold/unreadable-objects.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

interface Item {
  readonly id: string;
}

const KIND = {
  name: 'an item',
  is: (value: unknown): value is Item => isObject(value) && typeof value['id'] === 'string',
};
const open = (store: MemoryObjectStore, maxAgeMs = 60_000, unreadable = new UnreadableObjects(() => 7)) =>
  new MetadataStore<Item>(store, 'gold/gaps/', KIND, maxAgeMs, unreadable);

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

test.each([
  ['is not JSON', '{'],
  ['is not an item', '{"id": 7}'],
  ['is not an item', 'null'],
  ['has 1,048,577 bytes', ' '.repeat((1 << 20) + 1)],
])('an object that %s is skipped, and noted until it is gone', async (problem, body) => {
  const store = new MemoryObjectStore();
  const unreadable = new UnreadableObjects(() => 7);
  const items = open(store, 0, unreadable);
  await items.put('a', { id: 'a' });
  const key = 'gold/gaps/x.json';
  await store.putIfAbsent(key, Buffer.from(body), { contentType: 'application/json' });
  for (let times = 0; times < 3; times += 1) expect(await items.all()).toEqual([{ id: 'a' }]);
  expect(unreadable.all).toEqual([{ key, problem: expect.stringContaining(problem), sinceMs: 7 }]);
  // Each version is read once.
  expect(store.calls.get).toBe(2);
  await store.remove(key);
  await items.all();
  expect(unreadable.all).toEqual([]);
});

test('one that was written by us and cannot be read is never skipped by whoever needs all of them', async () => {
  const store = new MemoryObjectStore();
  const items = open(store);
  await items.put('a', { id: 'a' }, '2026-11-20');
  const [key = ''] = store.keys;
  await store.putIfAbsent('gold/gaps/x.json', Buffer.from('{'), { contentType: 'application/json' });
  expect(await open(store).allNow()).toEqual([{ id: 'a' }]);
  await store.replace(key, (await store.read(key))?.etag, Buffer.from('{'));
  await expect(open(store).allNow()).rejects.toMatchObject({ code: 'object_unreadable', subject: key });
  expect(await open(store).all()).toEqual([]);
});
