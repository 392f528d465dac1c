/** Parts of an older project that its ledger names, and whether gold has their rows. */
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { backfillPartKey, hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { olderPartFindings } from '../../src/verify/older-parts.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { editLine } from '../support/parts.ts';
import { STREAM } from '../support/stream.ts';

const HOUR = '2025-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
const keyOf = (digit: string): string => `${hourPrefix(HOUR)}part-${digit.repeat(32)}.ndjson.gz`;
const row = (minute: number, edits: number): MinuteRow => ({
  minute: START + minute * 60,
  wiki: 'enwiki',
  isBot: false,
  edits,
  bytesChange: 0,
});

describe('a part of an older project in the ledger', () => {
  let store: MemoryObjectStore;
  beforeEach(async () => {
    store = new MemoryObjectStore();
    await put(keyOf('0'), 0, 60);
    await put(keyOf('a'), 61, 62, 3_600 * 2);
  });

  const put = (key: string, ...seconds: number[]) =>
    store.putIfAbsent(
      key,
      gzipSync(seconds.map(second => `${editLine({ timestamp: START + second })}\n`).join('')),
      { contentType: 'application/gzip' },
    );
  const find = async (rows: MinuteRow[], keys: readonly string[] = [keyOf('0'), keyOf('a')]) => {
    const ledger = keys.map(key => ({ key, isAfter: false }));
    const snapshot = { rows, ledger, audit: undefined };
    const found = await olderPartFindings(HOUR, snapshot, new Set(store.keys), { store, definition: STREAM });
    return found.map(({ subject }) => subject);
  };

  test('has its rows, or more', async () => {
    expect(await find([row(0, 1), row(1, 3)])).toEqual([]);
    expect(await find([row(0, 9), row(1, 9)])).toEqual([]);
  });

  test('is named when its rows are short', async () => {
    expect(await find([row(0, 1), row(1, 1)])).toEqual([keyOf('a')]);
    expect(await find([row(1, 2)])).toEqual([keyOf('0'), keyOf('a')]);
  });

  test('is named although a part that reaches into the hour fills up its first minute', async () => {
    await put(keyOf('c'), 61, 122, 183);
    const keys = [keyOf('0'), keyOf('c')];
    expect(await find([row(0, 1), row(1, 9)], keys)).toEqual([keyOf('c')]);
  });

  test('is not named for a minute that it shares with a part that was not counted', async () => {
    await put(keyOf('c'), 0, 61, 122);
    await put(keyOf('d'), 123, 184, 245);
    const keys = [keyOf('c'), keyOf('d')];
    expect(await find([row(0, 1), row(1, 1), row(2, 1)], keys)).toEqual([keyOf('d')]);
  });

  test('is nothing to say when it is not in the bucket or a backfill has loaded the hour', async () => {
    expect(await find([], [keyOf('f')])).toEqual([]);
    const backfilled = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-6000' });
    expect(await find([], [keyOf('0'), backfilled])).toEqual([]);
  });

  test('comes with the command that counts it, up to its last event', async () => {
    const snapshot = { rows: [], ledger: [{ key: keyOf('a'), isAfter: false }], audit: undefined };
    expect(
      await olderPartFindings(HOUR, snapshot, new Set(store.keys), { store, definition: STREAM }),
    ).toMatchObject([
      {
        severity: 'error',
        kind: 'older_rows_missing',
        advice: 'Count its lines: npm run transform -- --from 2025-11-20T10:00Z --to 2025-11-20T13:00Z',
      },
    ]);
  });
});
