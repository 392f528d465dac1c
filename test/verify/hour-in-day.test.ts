/** `verify` compares the object of a finished day with its hours: long ranges are drawn from it. */
import { beforeEach, expect, test } from 'vitest';
import type { DayFooter } from '../../src/contracts/storage/gold-footers.ts';
import { goldDayKey, hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { compactDay } from '../../src/gold/parquet/day-object.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { GoldFile, encodeGold } from '../../src/gold/parquet/row-file.ts';
import { openS3Snapshots } from '../../src/gold/parquet/snapshot.ts';
import type { Finding } from '../../src/verify/findings.ts';
import { dayFindings } from '../../src/verify/hour-in-day.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';

const DAY = '2026-11-20';
const HOUR = `${DAY}T10`;
const MINUTE = Date.parse(`${HOUR}:00:00Z`) / 1000;
const KEY = goldDayKey(DAY);

let store: MemoryObjectStore;
beforeEach(async () => {
  store = new MemoryObjectStore();
  await add('a', MINUTE);
  await compactDay(store, DAY);
});

async function add(name: string, minute: number): Promise<void> {
  const rows = [{ minute, wiki: 'enwiki', isBot: false, edits: 3, bytesChange: 30 }];
  const source = { url: 'https://stream.example/recentchange', simulated: true };
  const key = `${hourPrefix(HOUR)}part-${name}.ndjson.gz`;
  await openS3Gold(store).apply({ key, hour: HOUR, rows, source });
}

async function findings(): Promise<Finding[]> {
  return dayFindings(HOUR, await openS3Snapshots(store).hour(HOUR));
}

async function change(
  edit: (rows: MinuteRow[], footer: DayFooter) => [MinuteRow[], DayFooter],
): Promise<void> {
  const { body, etag } = (await store.read(KEY)) ?? { body: new Uint8Array(), etag: '' };
  const file = await GoldFile.of(body);
  const [rows, footer] = edit(await file.rows(), file.footer as DayFooter);
  await store.replace(KEY, etag, await encodeGold(rows, footer));
}

test('a day that was made from its hours has no finding', async () => {
  expect((await openS3Snapshots(store).hour(HOUR)).ofDay?.rows).toHaveLength(1);
  expect(await findings()).toEqual([]);
});

test('other rows are named with the first of them, and how the object is made again', async () => {
  await change((rows, footer) => [rows.map(row => ({ ...row, edits: 4 })), footer]);
  expect(await findings()).toMatchObject([
    {
      severity: 'error',
      kind: 'day_differs',
      subject: KEY,
      message: expect.stringContaining(`1 rows, the first of enwiki at ${HOUR}:00:00Z`),
      advice: expect.stringContaining(`--workflow-id compact-${DAY}`),
    },
  ]);
});

test('rows that are missing, and other sums, are found', async () => {
  await change((_, footer) => [[], footer]);
  expect(await findings()).toMatchObject([{ kind: 'day_differs' }]);
  await store.remove(KEY);
  await compactDay(store, DAY);
  await change((rows, footer) => {
    const sums = footer.sums?.[HOUR];
    if (sums === undefined) throw new Error('the day has sums');
    return [rows, { ...footer, sums: { [HOUR]: { ...sums, human: sums.human + 1 } } }];
  });
  expect(await findings()).toMatchObject([
    { kind: 'day_differs', message: expect.stringContaining('expected 3 human') },
  ]);
});

test('a day that readers do not use for the hour has no finding', async () => {
  await change((_, footer) => [[], footer]);
  await add('b', MINUTE + 60);
  expect(await findings()).toEqual([]);
  await store.remove(KEY);
  expect(await findings()).toEqual([]);
});
