/** The writers of gold beside damaged and hostile objects: nothing that can go on is held up by one, and nothing is overwritten. */
import { describe, expect, test } from 'vitest';
import { goldDayKey, goldHourKey, hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import type { GoldStore } from '../../../src/gold/gold-store.ts';
import { DAMAGES, damage, writeSmallGold } from '../../support/damaged-objects.ts';
import type { Damage } from '../../support/damaged-objects.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

const NOW_MS = Date.parse('2026-11-20T04:30:00Z');
const FREE_HOUR = '2026-11-20T04';

const partOf = (hour: string): string => `${hourPrefix(hour)}part-000000000001-a.ndjson.gz`;
const apply = (gold: GoldStore, hour: string): Promise<boolean> =>
  gold.apply({
    key: partOf(hour),
    hour,
    rows: [],
    source: { url: 'https://stream.test/recentchange', simulated: true },
  });

/** Zeros are as unreadable as eleven bytes, and take long to copy. */
const damages = DAMAGES.filter(({ title }) => !title.startsWith('100 MB') || title.endsWith('hour'));

test.each(damages)('$title: all other hours are written, and the newest one is known', async one => {
  const store = new MemoryObjectStore();
  const small = await writeSmallGold(store, NOW_MS);
  const key = await damage(store, one, small);
  const gold = openS3Gold(store, () => NOW_MS);
  const lost = one.lost?.(small) ?? [];
  expect(await gold.lastStreamHour()).toBe(
    key === goldHourKey(small.empty) ? isNewest(one) : small.hours.at(-1),
  );
  expect(await gold.unapplied(small.hours.map(partOf))).toEqual(lost.map(partOf));
  expect(await gold.unsealed(small.hours)).toEqual(small.hours);
  expect(await apply(gold, FREE_HOUR)).toBe(true);
  for (const hour of lost) {
    const before = (await store.read(goldHourKey(hour)))?.etag;
    await expect(apply(gold, hour)).rejects.toMatchObject({ code: 'object_unreadable', retryable: false });
    expect((await store.read(goldHourKey(hour)))?.etag).toBe(before);
  }

  /** Readable, with the part of a stream in its ledger; its rows are another matter. */
  function isNewest({ title }: Damage): string | undefined {
    return title.startsWith('an empty object') ? small.hours.at(-1) : small.empty;
  }
});

describe('a day with a damaged hour', () => {
  test('is compacted without it, once, and again when the hour is readable', async () => {
    const store = new MemoryObjectStore();
    const { old, yesterday } = await writeSmallGold(store, NOW_MS);
    const key = goldHourKey(old);
    const intact = await store.read(key);
    const broken = await store.replace(key, intact?.etag, Buffer.from('eleven byte'));
    const compact = () => openS3Gold(store, () => NOW_MS).days?.compact(yesterday);
    expect(await compact()).toMatchObject({ hours: 3, rows: 3, isChanged: true });
    const writes = store.calls.put;
    expect(await compact()).toMatchObject({ hours: 3, rows: 3 });
    await store.replace(key, broken, intact?.body ?? new Uint8Array());
    expect(await compact()).toMatchObject({ hours: 4, rows: 4, isChanged: true });
    expect(await compact()).toMatchObject({ hours: 4, rows: 4, isChanged: false });
    expect(store.calls.put - writes).toBeLessThan(4);
  });

  test.each(damages.filter(({ title }) => /(as a day|is no footer)$/.test(title)))(
    '$title is written again',
    async one => {
      const store = new MemoryObjectStore();
      const small = await writeSmallGold(store, NOW_MS);
      const intact = await store.read(goldDayKey(small.yesterday));
      await damage(store, one, small);
      expect(await openS3Gold(store, () => NOW_MS).days?.compact(small.yesterday)).toMatchObject({
        hours: 4,
        isChanged: true,
      });
      expect(await store.read(goldDayKey(small.yesterday))).toEqual(intact);
    },
  );
});
