/** A finished day is written from the current versions of its hours, once, also beside another process that does the same. */
import { expect, test } from 'vitest';
import { goldDayKey, hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import { compactDay } from '../../../src/gold/parquet/day-object.ts';
import { GoldFile } from '../../../src/gold/parquet/row-file.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

const DAY = '2026-11-20';
const source = { url: 'https://stream.example/recentchange', simulated: true };

async function add(store: MemoryObjectStore, hh: string, name: string): Promise<void> {
  const hour = `${DAY}T${hh}`;
  const minute = Date.parse(`${hour}:00:00Z`) / 1000;
  const key = `${hourPrefix(hour)}part-${name}.ndjson.gz`;
  const rows = [{ minute, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 0 }];
  await openS3Gold(store).apply({ key, hour, rows, source });
}

async function editsOfDay(store: MemoryObjectStore): Promise<number[]> {
  const file = await GoldFile.of((await store.read(goldDayKey(DAY)))?.body ?? new Uint8Array());
  return (await file.rows()).map(({ edits }) => edits);
}

test('a day is written once, and again after an hour has changed', async () => {
  const store = new MemoryObjectStore();
  expect(await compactDay(store, DAY)).toMatchObject({ hours: 0, isChanged: false });
  await add(store, '10', 'a');
  await add(store, '11', 'a');
  expect(await compactDay(store, DAY)).toMatchObject({ hours: 2, rows: 2, isChanged: true });
  const puts = store.calls.put;
  expect(await compactDay(store, DAY)).toMatchObject({ hours: 2, rows: 2, isChanged: false });
  expect(store.calls.put).toBe(puts);
  await add(store, '11', 'b');
  expect(await compactDay(store, DAY)).toMatchObject({ hours: 2, isChanged: true });
  expect(await editsOfDay(store)).toEqual([1, 2]);
});

test('an hour that changes while the day is written is in it', async () => {
  const store = new MemoryObjectStore();
  await add(store, '10', 'a');
  let isFirst = true;
  store.before = async (operation, key) => {
    if (operation !== 'put' || key !== goldDayKey(DAY) || !isFirst) return;
    isFirst = false;
    await add(store, '10', 'b');
  };
  expect(await compactDay(store, DAY)).toMatchObject({ isChanged: true });
  expect(await editsOfDay(store)).toEqual([2]);
});

test('of two processes, the one whose write was refused has changed nothing', async () => {
  const store = new MemoryObjectStore();
  await add(store, '10', 'a');
  let isFirst = true;
  store.before = async (operation, key) => {
    if (operation !== 'put' || key !== goldDayKey(DAY) || !isFirst) return;
    isFirst = false;
    expect(await compactDay(store, DAY)).toMatchObject({ isChanged: true });
  };
  expect(await compactDay(store, DAY)).toMatchObject({ isChanged: false });
  expect(await editsOfDay(store)).toEqual([1]);
});
