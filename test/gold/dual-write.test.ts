/** Writes go to both places, and a write that reached only one of them is completed by repeating it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { hourOf } from '../../src/core/time.ts';
import { DualWriteGold } from '../../src/gold/dual-write.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { MemoryObjectStore, storageDown } from '../support/memory-object-store.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
const source = { url: 'https://stream.example/recentchange', simulated: true };
const partOf = (name: string, minute = START) => ({
  key: `${hourPrefix(hourOf(minute))}part-${name}.ndjson.gz`,
  hour: hourOf(minute),
  rows: [{ minute, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 0 }],
  source,
});
const rebuiltOf = (part: ReturnType<typeof partOf>) => ({
  hour: part.hour,
  keys: [part.key],
  counts: { rows: part.rows, events: 1, edits: 1, distinct: 1, late: 0, unusable: 0 },
  sources: [source],
  isSealed: true,
  covered: undefined,
});

describe('gold in two places', () => {
  let secondStore: MemoryObjectStore;
  let first: GoldStore;
  let second: GoldStore;
  let both: DualWriteGold;
  beforeEach(() => {
    secondStore = new MemoryObjectStore();
    first = openS3Gold(new MemoryObjectStore());
    second = openS3Gold(secondStore);
    both = new DualWriteGold(first, second);
  });

  const editsIn = async (gold: GoldStore) => (await gold.edits('enwiki', START)).map(({ human }) => human);

  test('counts a part once in each, also when the second place failed at first', async () => {
    const part = partOf('000000000001-a');
    secondStore.before = () => {
      throw storageDown('second', true);
    };
    await expect(both.apply(part)).rejects.toMatchObject({ code: 'storage_unavailable' });
    secondStore.before = () => undefined;
    expect(await both.unapplied([part.key])).toEqual([part.key]);
    await both.apply(part);
    expect(await both.unapplied([part.key])).toEqual([]);
    expect(await editsIn(first)).toEqual([1]);
    expect(await editsIn(second)).toEqual([1]);
  });

  test('is unsealed, and its rebuild stale, when either place is', async () => {
    const part = partOf('000000000001-a');
    await first.replaceHour(rebuiltOf(part));
    expect(await both.unsealed([HOUR])).toEqual([HOUR]);
    const late = partOf('000000000002-b');
    await second.apply(late);
    expect(await both.replaceHour(rebuiltOf(part))).toEqual({ kind: 'stale', uncounted: [late.key] });
    await second.replaceHour({ ...rebuiltOf(part), keys: [part.key, late.key] });
    expect(await both.unsealed([HOUR])).toEqual([]);
  });

  test('knows the later of the last hours, and the sources of both with the label of the first', async () => {
    expect(await both.lastStreamHour()).toBeUndefined();
    await first.apply(partOf('000000000001-a', START + 3_600));
    await second.apply({ ...partOf('000000000001-a'), source: { ...source, simulated: false } });
    await second.apply({
      ...partOf('000000000002-a'),
      source: { url: 'https://a.example', simulated: false },
    });
    expect(await both.lastStreamHour()).toBe('2026-11-20T11');
    expect(await both.sources()).toEqual([{ url: 'https://a.example', simulated: false }, source]);
  });
});
