/** The days to compact are found with few listings: recent days at every look, all of gold now and then. */
import { expect, test } from 'vitest';
import type { DayFooter } from '../../../src/contracts/storage/gold-footers.ts';
import { goldDayKey, hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import type { Hour } from '../../../src/core/time.ts';
import type { GoldStore } from '../../../src/gold/gold-store.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import { GoldFile, encodeGold } from '../../../src/gold/parquet/row-file.ts';
import type { ListedObject } from '../../../src/store/object-store.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

const source = { url: 'https://stream.example/recentchange', simulated: true };
const OLD = '2025-12-05';
const YESTERDAY = '2026-11-20';
const NOON = Date.parse('2026-11-21T12:00:00Z');

/** Reports the order of its writes as their times. */
class DatedStore extends MemoryObjectStore {
  readonly #writtenMs = new Map<string, number>();
  #writes = 0;
  override afterReplace = (key: string): void => void this.#writtenMs.set(key, (this.#writes += 1) * 1_000);

  override async *listObjects(prefix: string, after?: string): AsyncGenerator<ListedObject[]> {
    for await (const page of super.listObjects(prefix, after))
      yield page.map(object => ({ ...object, modifiedMs: this.#writtenMs.get(object.key) ?? 0 }));
  }
}

async function addTo(gold: GoldStore, hour: Hour, name: string): Promise<void> {
  const minute = Date.parse(`${hour}:00:00Z`) / 1000;
  const key = `${hourPrefix(hour)}part-${name}.ndjson.gz`;
  const rows = [{ minute, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 0 }];
  await gold.apply({ key, hour, rows, source });
}

/** A gold with 31 compacted days of 3 months, in listings of 20 objects, and the clock of its worker. */
async function agedGold() {
  const store = new DatedStore({ pageSize: 20 });
  const clock = { nowMs: NOON };
  const gold = openS3Gold(store, () => clock.nowMs);
  for (let back = 1; back <= 30; back += 1)
    await addTo(gold, `${new Date(NOON - back * DAY_MS).toISOString().slice(0, 10)}T10`, 'a');
  await addTo(gold, `${OLD}T10`, 'a');
  const compactAll = async (): Promise<string[]> => {
    const days = (await gold.days?.stale(clock.nowMs)) ?? [];
    for (const day of days) await gold.days?.compact(day);
    return days;
  };
  const look = async (): Promise<{ days: string[]; listings: number }> => {
    const before = store.calls.list;
    const days = (await gold.days?.stale(clock.nowMs)) ?? [];
    return { days, listings: store.calls.list - before };
  };
  expect(await compactAll()).toHaveLength(31);
  return { store, clock, gold, compactAll, look };
}

test('all of gold is listed until nothing is stale, and then only the months of the recent days', async () => {
  const { clock, look } = await agedGold();
  expect(await look()).toEqual({ days: [], listings: 4 });
  clock.nowMs += 10 * MINUTE_MS;
  expect(await look()).toEqual({ days: [], listings: 2 });
});

test('an hour of yesterday that another worker has corrected is found at the next look', async () => {
  const { store, clock, look } = await agedGold();
  await look();
  clock.nowMs += 10 * MINUTE_MS;
  await addTo(openS3Gold(store), `${YESTERDAY}T10`, 'b');
  expect(await look()).toEqual({ days: [YESTERDAY], listings: 2 });
});

test('an old hour that this worker has corrected is found at the next look', async () => {
  const { clock, gold, look, compactAll } = await agedGold();
  await look();
  clock.nowMs += 10 * MINUTE_MS;
  await addTo(gold, `${OLD}T10`, 'b');
  expect((await look()).days).toEqual([OLD]);
  await compactAll();
  await look();
  expect((await look()).listings).toBe(2);
});

test('an old hour that another worker has corrected is found within six hours', async () => {
  const { store, clock, look } = await agedGold();
  await look();
  await addTo(openS3Gold(store), `${OLD}T10`, 'b');
  clock.nowMs += 10 * MINUTE_MS;
  expect((await look()).days).toEqual([]);
  clock.nowMs += 6 * HOUR_MS;
  expect((await look()).days).toEqual([OLD]);
});

test('in the first days of a month the one before is recent too', async () => {
  const { store, clock, look } = await agedGold();
  clock.nowMs = Date.parse('2026-12-02T10:00:00Z');
  await look();
  await addTo(openS3Gold(store), '2026-11-30T23', 'b');
  clock.nowMs += 10 * MINUTE_MS;
  expect((await look()).days).toEqual(['2026-11-30']);
});

test('days that an earlier version wrote are found once nothing is stale, and written again', async () => {
  const { store, look, compactAll } = await agedGold();
  for (const day of [OLD, YESTERDAY]) {
    const written = await store.read(goldDayKey(day));
    const file = await GoldFile.of(written?.body ?? new Uint8Array());
    const { rebuilt: _, reads: __, ...older } = file.footer as DayFooter;
    await store.replace(goldDayKey(day), written?.etag, await encodeGold(await file.rows(), older));
  }
  expect((await look()).days).toEqual([OLD, YESTERDAY]);
  // Seen once, so that one that cannot be written is not tried for ever: another worker looks again.
  expect((await look()).days).toEqual([]);
  const gold = openS3Gold(store, () => NOON);
  for (const day of (await gold.days?.stale(NOON)) ?? []) await gold.days?.compact(day);
  expect(await openS3Gold(store, () => NOON).days?.stale(NOON)).toEqual([]);
  expect(await compactAll()).toEqual([]);
});
