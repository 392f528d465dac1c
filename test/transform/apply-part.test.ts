/** One part into gold, without Temporal: bronze and gold (as Parquet) share an object store in memory. */
import { beforeEach, describe, expect, test } from 'vitest';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { applyPart } from '../../src/transform/apply-part.ts';
import { MemoryObjectStore, storageDown } from '../support/memory-object-store.ts';
import { commitEdits } from '../support/parts.ts';
import { STREAM } from '../support/stream.ts';

const HOUR = '2025-11-20T10';
const MINUTE = Date.parse(`${HOUR}:00:00Z`) / 1000;
const definition = STREAM;

describe('applyPart', () => {
  let store: MemoryObjectStore;
  let gold: GoldStore;
  const { signal } = new AbortController();
  beforeEach(() => {
    store = new MemoryObjectStore();
    gold = openS3Gold(store);
  });

  test('adds the edits of a part, and reports what it added', async () => {
    const edits = [{ timestamp: MINUTE }, { timestamp: MINUTE + 59, bot: true }, { timestamp: MINUTE + 60 }];
    const [key = ''] = await commitEdits({ store }, edits);
    const result = await applyPart(key, { store, gold, definition }, signal);
    expect(result).toEqual({ applied: true, events: 3, edits: 3, rows: 3, unusable: 0 });
    expect(await gold.edits('enwiki', MINUTE)).toEqual([
      { minute: MINUTE, human: 1, bot: 1 },
      { minute: MINUTE + 60, human: 1, bot: 0 },
    ]);
  });

  test('says what it waits for', async () => {
    const [key = ''] = await commitEdits({ store }, [{ timestamp: MINUTE }]);
    const waits: string[] = [];
    store.before = operation => void waits.push(operation);
    await applyPart(key, { store, gold, definition }, signal, what => waits.push(what));
    expect(waits.slice(0, 3)).toEqual(['storage', 'get', 'gold']);
    expect(waits.slice(3)).not.toContain('storage');
  });

  test('counts a part once, one call after the other or two at the same time', async () => {
    const [key = ''] = await commitEdits({ store }, [{ timestamp: MINUTE }]);
    const other = openS3Gold(store);
    const results = await Promise.all([
      applyPart(key, { store, gold, definition }, signal),
      applyPart(key, { store, gold: other, definition }, signal),
    ]);
    results.push(await applyPart(key, { store, gold, definition }, signal));
    expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    expect(await gold.edits('enwiki', MINUTE)).toEqual([{ minute: MINUTE, human: 1, bot: 0 }]);
  });

  test('changes nothing when it is cancelled before it adds', async () => {
    const [key = ''] = await commitEdits({ store }, [{ timestamp: MINUTE }]);
    const reason = new Error('cancelled');
    const cancelled = AbortSignal.abort(reason);
    await expect(applyPart(key, { store, gold, definition }, cancelled)).rejects.toBe(reason);
    expect(await gold.unapplied([key])).toEqual([key]);
  });

  test.each([
    ['a part that does not exist', `${hourPrefix(HOUR)}part-gone.ndjson.gz`, 'object_missing'],
    ['a part that is not gzip', `${hourPrefix(HOUR)}part-damaged.ndjson.gz`, 'object_unreadable'],
    ['a key outside of bronze', 'elsewhere/part-1.ndjson.gz', 'object_missing'],
  ])('fails for %s', async (_, key, code) => {
    await store.putIfAbsent(`${hourPrefix(HOUR)}part-damaged.ndjson.gz`, Buffer.from('no gzip'), {
      contentType: 'application/gzip',
    });
    await expect(applyPart(key, { store, gold, definition }, signal)).rejects.toMatchObject({
      code,
      retryable: false,
    });
  });

  test('fails with the error of a store that is down, which may be retried', async () => {
    const [key = ''] = await commitEdits({ store }, [{ timestamp: MINUTE }]);
    store.before = operation => {
      if (operation === 'get') throw storageDown(key, true);
    };
    await expect(applyPart(key, { store, gold, definition }, signal)).rejects.toMatchObject({
      code: 'storage_unavailable',
      retryable: true,
    });
  });
});
