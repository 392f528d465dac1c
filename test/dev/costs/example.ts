/** A measurement with round numbers for mental arithmetic. Every case is two hours long. */
import type { Measured, MeasuredCase } from '../../../dev/costs/measured.ts';
import type { Prices } from '../../../dev/costs/prices.ts';
import type { S3Count, S3Request } from '../../../dev/costs/s3-counter.ts';

export function count(request: S3Request, place: string, requests: number, bytes = 0): S3Count {
  const isIn = request === 'put';
  return { request, place, requests, bytesIn: isIn ? bytes : 0, bytesOut: isIn ? 0 : bytes };
}

export const CASE: MeasuredCase = {
  name: 'all wikis, S3',
  wikis: [],
  gold: 's3',
  flushSec: 300,
  hours: 2,
  flushes: 24,
  events: 288_000,
  edits: 120_000,
  bytes: 288_000 * 1_200,
  storedBytes: 288_000 * 180,
  requests: [
    count('put', 'bronze', 26, 51_840_000),
    count('put', 'bronze/_log', 24, 24_000),
    count('get', 'bronze', 50, 103_680_000),
    count('list', 'bronze', 4),
    count('delete', 'bronze', 1),
  ],
  stored: [
    { name: 'bronze', count: 26, bytes: 51_840_000 },
    { name: 'bronze/_log', count: 24, bytes: 24_000 },
    { name: 'gold/edits_per_min', count: 2, bytes: 100_000 },
  ],
  tables: [],
  historyEvents: 100,
  restart: [count('list', 'bronze', 175), count('put', 'bronze/_log', 1)],
  temporal: {
    actions: { signals: 50, activities: 30, workflows: 4 },
    heartbeats: { count: 60, ms: 240_000 },
    schedules: { 'ensure-ingest': { workflows: 1, activities: 1, schedules: 2 } },
  },
};

const DATABASE: MeasuredCase = {
  ...CASE,
  name: 'all wikis, database',
  gold: 'postgres',
  stored: CASE.stored.slice(0, 2),
  tables: [
    { name: 'edits_per_min', count: 12_000, bytes: 2_000_000 },
    { name: 'processed_keys', count: 26, bytes: 8_192 },
  ],
};

export const MEASURED: Measured = {
  at: '2026-11-20T10:00:00.000Z',
  machine: 'two cores',
  speed: 30,
  rate: 40,
  seed: 1,
  cases: [CASE, DATABASE, { ...CASE, name: 'all wikis, S3, FLUSH_MAX_SEC=60', flushSec: 60, flushes: 120 }],
  days: [{ wikis: [], rows: 144_000, bytes: 800_000, requests: [count('get', 'gold/edits_per_min', 24)] }],
  listings: [
    {
      goldDays: 7,
      requests: [count('list', 'gold/edits_per_min', 1)],
      recent: [count('list', 'gold/edits_per_min', 1)],
    },
    {
      goldDays: 365,
      requests: [count('list', 'gold/edits_per_min', 9)],
      recent: [count('list', 'gold/edits_per_min', 2)],
    },
  ],
  readings: [
    {
      goldDays: 7,
      pages: 1,
      listens: true,
      seconds: 300,
      asked: 180,
      firstLook: [count('get', 'gold/edits_per_min', 30)],
      requests: [count('list', 'gold/edits_per_min', 200), count('get', 'gold/edits_per_min', 2)],
      idleSeconds: 20,
      idle: [],
    },
  ],
};

const price = (usd: number) => ({
  what: 'what',
  usd,
  unit: 'unit',
  asOf: '2026-11',
  source: 'https://example.org',
  isConfirmed: true,
});

export const ROUND_PRICES: Prices = {
  storageGb: price(0.02),
  putList: price(0.005),
  get: price(0.0005),
  delete: price(0),
  monitoring: price(0.0025),
  transition: { ...price(0.01), isConfirmed: false },
  databaseHour: price(0.02),
  databaseGb: price(0.1),
};

export const TERMS = { bronzeDays: 7, goldDays: 365, historyLimit: 4_800 };
