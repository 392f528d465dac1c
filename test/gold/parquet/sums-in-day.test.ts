/** Hours that a finished day sums up say what their minutes say, and stand in for no hour that has changed. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../../src/core/minute-counts.ts';
import { HOUR_SECONDS, totalsOfHour } from '../../../src/core/series.ts';
import { compactDay } from '../../../src/gold/parquet/day-object.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

const DAY = '2026-11-20';
const START = Date.parse(DAY) / 1000;
const source = { url: 'https://stream.example/recentchange', simulated: true };
const { signal } = new AbortController();

const hourAt = (nth: number): string => `${DAY}T${String(nth).padStart(2, '0')}`;
const secondAt = (nth: number): number => START + nth * HOUR_SECONDS;

async function add(store: MemoryObjectStore, nth: number, name: string, rows: readonly MinuteRow[]) {
  const hour = hourAt(nth);
  await openS3Gold(store).apply({ key: `${hourPrefix(hour)}part-${name}.ndjson.gz`, hour, rows, source });
}

/** First seconds of the hours of [from, to) that are summed up, each of which says what its minutes say. */
async function summedUp(store: MemoryObjectStore, from = START, to = secondAt(24)): Promise<number[]> {
  const gold = openS3Gold(store);
  const found = await gold.hourTotals(undefined, from, to, signal);
  for (const totals of found) {
    const minutes = await gold.totals(undefined, totals.hour, totals.hour + HOUR_SECONDS, signal);
    expect(totals).toEqual(totalsOfHour(totals.hour, minutes));
  }
  return found.map(({ hour }) => hour);
}

const cell = fc.record({
  nth: fc.oneof(fc.constantFrom(0, 29, 30, 59), fc.nat(59)),
  wiki: fc.constantFrom('w1', 'w2', 'W3'),
  isBot: fc.boolean(),
  edits: fc.integer({ min: 1, max: 9 }),
  bytesChange: fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31))),
});
const rowsOfHour = fc.uniqueArray(cell, {
  maxLength: 12,
  selector: ({ nth, wiki, isBot }) => `${nth} ${wiki} ${isBot}`,
});
const rowsOf = (hour: number, cells: readonly (Omit<MinuteRow, 'minute'> & { nth: number })[]): MinuteRow[] =>
  cells.map(({ nth, ...row }) => ({ ...row, minute: secondAt(hour) + nth * 60 }));

test('they say what the minutes say, whatever the rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(23), { minLength: 3 }),
      fc.array(rowsOfHour),
      async (hours, rows) => {
        const store = new MemoryObjectStore();
        for (const [at, nth] of hours.entries()) await add(store, nth, 'a', rowsOf(nth, rows[at] ?? []));
        await compactDay(store, DAY);
        expect(await summedUp(store)).toEqual(hours.map(secondAt).sort((a, b) => a - b));
      },
    ),
    { numRuns: 50 },
  );
});

test('an hour that has changed since, and one that the range cuts, is left to its minutes', async () => {
  const store = new MemoryObjectStore();
  const row = { nth: 5, wiki: 'w1', isBot: false, edits: 1, bytesChange: 0 };
  for (const nth of [1, 2, 3, 4]) await add(store, nth, 'a', rowsOf(nth, [row]));
  expect(await summedUp(store)).toEqual([]);
  await compactDay(store, DAY);
  expect(await summedUp(store)).toEqual([1, 2, 3, 4].map(secondAt));
  await add(store, 2, 'late', rowsOf(2, [row]));
  expect(await summedUp(store)).toEqual([1, 3, 4].map(secondAt));
  expect(await summedUp(store, secondAt(1) + 60, secondAt(5) - 60)).toEqual([secondAt(3)]);
  await compactDay(store, DAY);
  expect(await summedUp(store)).toEqual([1, 2, 3, 4].map(secondAt));
});

test('of one wiki there are none', async () => {
  const store = new MemoryObjectStore();
  await add(store, 1, 'a', rowsOf(1, [{ nth: 5, wiki: 'w1', isBot: false, edits: 1, bytesChange: 0 }]));
  await compactDay(store, DAY);
  expect(await openS3Gold(store).hourTotals('w1', START, secondAt(24), signal)).toEqual([]);
});
