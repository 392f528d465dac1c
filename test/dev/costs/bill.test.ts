/** From a measured range to the bill of a day and a month. */
import { describe, expect, test } from 'vitest';
import { billOf, bytesOf, readingPerHour, requestDollars, usageOf } from '../../../dev/costs/bill.ts';
import type { Bill } from '../../../dev/costs/bill.ts';
import type { MeasuredCase } from '../../../dev/costs/measured.ts';
import { CASE, MEASURED, ROUND_PRICES, TERMS, count } from './example.ts';

function bill(costs: MeasuredCase | undefined = CASE): Bill {
  return billOf(costs, MEASURED, ROUND_PRICES, TERMS);
}

const kept = (of: Bill, what: string) => of.kept.find(entry => entry.what === what);

test('counts add up by kind, regardless of the place', () => {
  const counts = [count('put', 'a', 2, 10), count('put', 'b', 3, 20), count('get', 'a', 4, 7)];
  expect(usageOf(counts)).toEqual({ put: 5, list: 0, get: 4, delete: 0, bytesIn: 30, bytesOut: 7 });
  expect(usageOf(counts, 12).put).toBe(60);
});

test('listings cost as much as writes, and deletions nothing', () => {
  const usage = { put: 1_000, list: 1_000, get: 2_000, delete: 5_000, bytesIn: 1, bytesOut: 1 };
  expect(requestDollars(usage, ROUND_PRICES)).toBeCloseTo(0.011);
});

describe('a day', () => {
  test('is the measured range scaled to 24 hours', () => {
    expect(bill().pipeline).toMatchObject({ put: 600, get: 600, list: 48, delete: 12 });
    expect(bill().eventsPerDay).toBe(3_456_000);
    expect(bill().flushesPerHour).toBe(12);
  });

  test('has new attempts in proportion to its history events', () => {
    // 1,200 events a day, 4,800 per run.
    expect(bill().restarts.perDay).toBe(0.25);
    expect(bill().restarts.usage).toMatchObject({ list: 43.75, put: 0.25 });
  });

  test('has 4 listings of all gold, 140 of recent days and one compaction, if gold has day objects', () => {
    expect(bill().compaction).toMatchObject({ list: 9 * 4 + 2 * 140, get: 24 });
    expect(bill(MEASURED.cases[1]).compaction).toBeUndefined();
  });

  test('is the sum of the three', () => {
    const { pipeline, restarts, compaction, usage } = bill();
    expect(usage.list).toBeCloseTo(pipeline.list + restarts.usage.list + (compaction?.list ?? 0));
    expect(usage.get).toBe(624);
  });
});

describe('storage', () => {
  test('keeps a week of bronze and its log, and a year of gold', () => {
    expect(kept(bill(), 'bronze')).toEqual({
      what: 'bronze',
      perDay: { count: 312, bytes: 622_080_000 },
      days: 7,
    });
    expect(kept(bill(), 'gold, hours')).toMatchObject({ perDay: { count: 24, bytes: 1_200_000 }, days: 365 });
    expect(kept(bill(), 'gold, days')).toMatchObject({ perDay: { count: 1, bytes: 800_000 }, days: 365 });
    expect(kept(bill(), 'dead letters')?.perDay.bytes).toBe(0);
    expect(kept(bill(), 'database')).toBeUndefined();
  });

  test('counts all tables of the database', () => {
    const database = kept(bill(MEASURED.cases[1]), 'database');
    expect(database?.perDay).toEqual({ count: 12 * 12_026, bytes: 12 * 2_008_192 });
    expect(bytesOf(database === undefined ? [] : [database])).toBe(365 * 12 * 2_008_192);
  });
});

describe('a month', () => {
  const gigabyte = 2 ** 30;

  test('pays for requests, for storage, and for tiering of large objects', () => {
    const { dollars, usage } = bill();
    expect(dollars.requests).toBeCloseTo((requestDollars(usage, ROUND_PRICES) * 730) / 24);
    expect(dollars.bronze).toBeCloseTo(((7 * (622_080_000 + 288_000)) / gigabyte) * 0.02);
    // Hour objects of 50 kB are not tiered; 365 day objects of 800 kB are monitored, and about 30 a month are moved.
    const tiering = (365 * 0.0025 + (730 / 24) * 0.01) / 1_000;
    expect(dollars.gold).toBeCloseTo(((365 * 2_000_000) / gigabyte) * 0.02 + tiering, 6);
    expect(dollars.database).toBe(0);
    expect(dollars.total).toBeCloseTo(dollars.requests + dollars.bronze + dollars.gold);
  });

  test('of a database pays for the instance and the minimum storage', () => {
    const { dollars } = bill(MEASURED.cases[1]);
    expect(dollars.database).toBeCloseTo(730 * 0.02 + 20 * 0.1);
    expect(dollars.gold).toBe(0);
  });

  test('of a larger database pays for its size', () => {
    const tables = [{ name: 'edits_per_min', count: 1, bytes: (30.5 * gigabyte) / 365 / 12 }];
    const { dollars } = bill({ ...CASE, gold: 'postgres', tables });
    expect(dollars.database).toBeCloseTo(730 * 0.02 + 31 * 0.1);
  });
});

test('a missing measurement is an error, not zero', () => {
  expect(() => bill({ ...CASE, wikis: ['dewiki'] })).toThrow('no compaction of dewiki');
});

test('an open page is scaled to an hour', () => {
  const [reading] = MEASURED.readings;
  expect(reading && readingPerHour(reading)).toMatchObject({ list: 2_400, get: 24 });
});
