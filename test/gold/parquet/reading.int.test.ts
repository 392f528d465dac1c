/**
 * How many requests it takes to read gold from S3, counted by a proxy in front of the real gateway: a known number for
 * a week of one wiki with cold caches, and nothing but a listing for changes with warm ones.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { S3Counter } from '../../../dev/costs/s3-counter.ts';
import type { S3Request } from '../../../dev/costs/s3-counter.ts';
import {
  GOLD_DAYS,
  goldDayKey,
  goldHourKey,
  hourPrefix,
} from '../../../src/contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../../src/core/minute-counts.ts';
import { HOUR_MS, hourOf } from '../../../src/core/time.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import type { GoldStore } from '../../../src/gold/gold-store.ts';
import { openS3 } from '../../../src/store/s3.ts';
import type { S3ObjectStore } from '../../../src/store/s3.ts';
import { untilHolds } from '../../support/until.ts';
import { openWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';

const WIKIS = 330;
const FINISHED_DAYS = 8;
const WEEK_MINUTES = 7 * 1_440;
const FIRST_DAY_MS = Date.parse('2026-11-10T00:00:00Z');
/** During the day after the finished ones. */
const NOW_MS = FIRST_DAY_MS + FINISHED_DAYS * 24 * HOUR_MS + 10.5 * HOUR_MS;
const FROM = NOW_MS / 1000 - (WEEK_MINUTES - 1) * 60;
const source = { url: 'https://stream.example/recentchange', simulated: true };

/** Edits of a wiki in a minute. Deterministic; about a hundred rows a minute in all, like the real stream. */
function editsIn(wiki: number, minute: number): number {
  const hash = Math.imul(minute / 60 + wiki * 7_919, 2_654_435_761) >>> 16;
  const isActive = hash % (1 + Math.floor(wiki / 40)) === 0;
  return isActive ? 1 + (hash % 23) : 0;
}

const nameOf = (wiki: number): string => `w${String(wiki).padStart(3, '0')}wiki`;

function rowsOf(hourMs: number): MinuteRow[] {
  const rows: MinuteRow[] = [];
  for (
    let minute = hourMs / 1000;
    minute < (hourMs + HOUR_MS) / 1000 && minute * 1000 <= NOW_MS;
    minute += 60
  ) {
    for (let wiki = 0; wiki < WIKIS; wiki += 1) {
      const edits = editsIn(wiki, minute);
      if (edits > 0)
        rows.push({ minute, wiki: nameOf(wiki), isBot: edits % 3 === 0, edits, bytesChange: edits * 17 });
    }
  }
  return rows;
}

function expectedOf(wiki: number) {
  const minutes = [];
  for (let minute = FROM; minute * 1000 <= NOW_MS; minute += 60) {
    const edits = editsIn(wiki, minute);
    if (edits > 0)
      minutes.push({ minute, human: edits % 3 === 0 ? 0 : edits, bot: edits % 3 === 0 ? edits : 0 });
  }
  return minutes;
}

describe('a week of one wiki', () => {
  let world: World;
  let counter: S3Counter;
  let store: S3ObjectStore;
  let gold: GoldStore;

  beforeAll(async () => {
    world = await openWorld({ gold: 's3' });
    for (let ms = FIRST_DAY_MS; ms <= NOW_MS; ms += HOUR_MS) {
      const hour = hourOf(ms / 1000);
      const counts = { rows: rowsOf(ms), events: 0, edits: 0, distinct: 0, late: 0, unusable: 0 };
      const keys = [`${hourPrefix(hour)}part-000000000001-a.ndjson.gz`];
      await world.gold.replaceHour({
        hour,
        keys,
        counts,
        sources: [source],
        isSealed: true,
        covered: undefined,
      });
    }
    for (const day of (await world.gold.days?.stale(NOW_MS)) ?? []) await world.gold.days?.compact(day);
    counter = await S3Counter.open(world.env['AWS_ENDPOINT_URL'] ?? '');
    store = openS3({ bucket: world.env['BUCKET'] ?? '', region: 'us-east-1', endpoint: counter.endpoint });
    gold = openS3Gold(store, () => NOW_MS);
  });
  afterAll(async () => {
    store.close();
    await counter.close();
    await world.close();
  });

  const requests = (kind: S3Request): number =>
    counter.counts.filter(({ request }) => request === kind).reduce((sum, count) => sum + count.requests, 0);
  const bytes = (): number => counter.counts.reduce((sum, { bytesOut }) => sum + bytesOut, 0);

  test('has one object for every finished day', async () => {
    const days = Array.from({ length: FINISHED_DAYS }, (_, i) =>
      new Date(FIRST_DAY_MS + i * 24 * HOUR_MS).toISOString().slice(0, 10),
    );
    for (const day of days) expect(await world.store.read(goldDayKey(day))).toBeDefined();
    expect(await world.gold.days?.stale(NOW_MS)).toEqual([]);
    expect(await world.store.read(goldDayKey('2026-11-18'))).toBeUndefined();
  });

  test('takes two listings, two ranges a finished day, and the hours of today with cold caches', async () => {
    counter.reset();
    expect(await gold.edits(nameOf(5), FROM)).toEqual(expectedOf(5));
    // Seven finished days, the first one from 10:31; eleven hours of today.
    expect({ list: requests('list'), get: requests('get') }).toEqual({ list: 2, get: 2 * 7 + 11 });
    console.log(
      `a week of one wiki, cold: ${requests('list')} LIST, ${requests('get')} GET, ${bytes()} bytes`,
    );
    // Far less than the objects of the week.
    let size = 0;
    for await (const page of world.store.listObjects(GOLD_DAYS))
      for (const object of page) size += object.size;
    expect(bytes()).toBeLessThan(size / 3);
  });

  test('takes nothing but a listing for changes with warm caches', async () => {
    counter.reset();
    const beganMs = performance.now();
    for (let times = 0; times < 5; times += 1)
      expect(await gold.edits(nameOf(5), FROM)).toEqual(expectedOf(5));
    expect(requests('get')).toBe(0);
    // Hours are listed every two seconds at most, and days every minute.
    const seconds = (performance.now() - beganMs) / 1000;
    expect(requests('list')).toBeLessThanOrEqual(2 + Math.floor(seconds / 2));
  });

  test('takes one range a finished day for another wiki, and none for an unknown wiki', async () => {
    counter.reset();
    expect(await gold.edits(nameOf(300), FROM)).toEqual(expectedOf(300));
    expect(requests('get')).toBe(7);
    counter.reset();
    expect(await gold.edits('zzwiki', FROM)).toEqual([]);
    expect(requests('get')).toBe(0);
  });

  test('is fetched once for concurrent callers', async () => {
    const fresh = openS3Gold(store, () => NOW_MS);
    counter.reset();
    const answers = await Promise.all(Array.from({ length: 20 }, () => fresh.edits(nameOf(8), FROM)));
    for (const answer of answers) expect(answer).toEqual(expectedOf(8));
    expect({ list: requests('list'), get: requests('get') }).toEqual({ list: 2, get: 2 * 7 + 11 });
  });

  test('takes one footer a day to list the wikis of the whole history', async () => {
    const fresh = openS3Gold(store, () => NOW_MS);
    counter.reset();
    expect(await fresh.wikis(2_000)).toHaveLength(WIKIS);
    // A footer a finished day, and the hours of today.
    expect(requests('get')).toBeLessThanOrEqual(FINISHED_DAYS + 11);
    counter.reset();
    expect((await fresh.wikis(3)).length).toBe(3);
    expect(requests('get')).toBe(0);
  });

  test('takes one more hour for a correction, and the days for all other hours', async () => {
    const hour = '2026-11-14T15';
    const minute = Date.parse(`${hour}:07:00Z`) / 1000;
    await gold.edits(nameOf(5), FROM);
    await world.gold.apply({
      key: `${hourPrefix(hour)}part-000000000002-b.ndjson.gz`,
      hour,
      rows: [{ minute, wiki: nameOf(5), isBot: false, edits: 1_000, bytesChange: 0 }],
      source,
    });
    counter.reset();
    const corrected = await untilHolds(async () => {
      const edits = await gold.edits(nameOf(5), FROM);
      const there = edits.find(each => each.minute === minute);
      expect(there?.human).toBeGreaterThanOrEqual(1_000);
      return edits;
    });
    expect(requests('get')).toBe(1);
    expect(corrected.filter(each => each.minute !== minute)).toEqual(
      expectedOf(5).filter(each => each.minute !== minute),
    );
    expect(await world.gold.days?.stale(NOW_MS)).toContain('2026-11-14');
    expect(await world.gold.days?.compact('2026-11-14')).toMatchObject({ isChanged: true, hours: 24 });
    const again = await openS3Gold(store, () => NOW_MS).edits(nameOf(5), FROM);
    expect(again).toEqual(corrected);
  });

  test('skips an hour whose object was deleted, and names one that is damaged', async () => {
    const key = goldHourKey('2026-11-18T03');
    const version = await world.store.read(key);
    await world.store.remove(key);
    const fresh = openS3Gold(store, () => NOW_MS);
    const edits = await fresh.edits(nameOf(5), FROM);
    expect(edits.some(({ minute }) => hourOf(minute) === '2026-11-18T03')).toBe(false);
    await world.store.replace(key, undefined, new TextEncoder().encode('no parquet'), {
      contentType: 'text/plain',
    });
    const beside = openS3Gold(store, () => NOW_MS);
    expect(await beside.edits(nameOf(5), FROM)).toEqual(edits);
    const problem = expect.stringContaining('not a readable Parquet file');
    expect(beside.unreadable?.()).toEqual([{ key, problem, sinceMs: NOW_MS }]);
    const damaged = await world.store.read(key);
    await world.store.replace(key, damaged?.etag, version?.body ?? new Uint8Array(), {
      contentType: 'text/plain',
    });
  });
});
