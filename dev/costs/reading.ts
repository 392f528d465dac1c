/**
 * Measures what an open dashboard costs: an API process with gold in S3, pages that watch it for as long as a live run takes
 * from one flush to the next, and one new part halfway, which the feed of a worker tells of.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { hourOf, minuteOf } from '../../src/core/time.ts';
import { openS3 } from '../../src/store/s3.ts';
import { freePort, LOOPBACK } from '../stack/ports.ts';
import { ageGold, applyRows } from './aged-gold.ts';
import type { MadeUp } from './aged-gold.ts';
import type { MeasuredListing, MeasuredReading } from './measured.ts';
import { openFeed } from './live-feed.ts';
import { OpenPage } from './page.ts';
import { goldOf, openCounted, startOurs } from './surroundings.ts';
import type { Counted, Surroundings } from './surroundings.ts';

export interface Audience {
  /** Age of gold. */
  readonly goldDays: number;
  readonly pages: number;
  /** There is a feed, so pages listen; or they poll. */
  readonly listens: boolean;
}

/** Gold of a given age, in its own bucket. */
export interface Aged extends Audience {
  readonly bucket: string;
  readonly counted: Counted;
  readonly listing: MeasuredListing;
}

/** The default FLUSH_MAX_SEC: one new part in this time. */
const MEASURE_SEC = 300;
/** By then even the rarest request has been sent once. */
const FIRST_READ_MS = 10_000;
const IDLE_SEC = 20;
/** Real pages do not poll in step. */
const BETWEEN_PAGES_MS = 170;
const GOLD = { GOLD: 's3' };

/** Fills a bucket with gold of the given age, and counts a run of the Schedule that finds nothing to do. */
export async function openAged(
  { goldDays, pages, listens }: Audience,
  madeUp: MadeUp,
  around: Surroundings,
): Promise<Aged> {
  const bucket = `costs-gold-${goldDays}-${pages}-${listens ? 'live' : 'polled'}`;
  const counted = await openCounted(bucket, around);
  const { counter, store } = counted;
  await store.prepare('costs');
  // The same instant for both, because a day may end in between.
  const nowMs = Date.now();
  await ageGold(goldOf(GOLD, store, around), goldDays, nowMs, madeUp);
  const countedStore = openS3({ bucket, region: around.region, endpoint: counter.endpoint });
  around.onClose(() => countedStore.close());
  const { days } = goldOf(GOLD, countedStore, around);
  const stale = await days?.stale(nowMs);
  if (stale?.length !== 0) throw new Error(`days that were not compacted: ${stale?.join(', ')}`);
  const requests = counter.counts;
  counter.reset();
  // The next look of the same process lists the recent days only.
  await days?.stale(nowMs);
  return {
    goldDays,
    pages,
    listens,
    bucket,
    counted,
    listing: { goldDays, requests, recent: counter.counts },
  };
}

/** Counts the requests to S3 that pages cause through an API process. */
export async function measureReading(
  { goldDays, pages, listens, bucket, counted: { counter, store, env } }: Aged,
  madeUp: MadeUp,
  around: Surroundings,
): Promise<MeasuredReading> {
  const { signal } = around;
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal });
  const port = String(await freePort());
  const feed = listens ? await openFeed(around) : undefined;
  const settings = { ...env, ...GOLD, PORT: port, ...(feed !== undefined && { LIVE_URL: feed.url }) };
  const api = { args: ['api'], env: settings, ready: /^dashboard /m };
  const { died } = await startOurs(`api-${bucket}`, api, around);
  const gold = goldOf(GOLD, store, around);
  /** Adds a part from outside the API process, like a worker. */
  const addPart = async (): Promise<void> => {
    const minute = minuteOf(Date.now() / 1000);
    const rows = [{ minute, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 1 }];
    const key = await applyRows(gold, hourOf(minute), rows, { ...madeUp, sequence: 2 });
    feed?.add(key, rows);
  };
  const measured = async (): Promise<MeasuredReading> => {
    counter.reset();
    const open: OpenPage[] = [];
    for (let page = 0; page < pages; page += 1) {
      open.push(new OpenPage(`http://${LOOPBACK}:${port}`, listens));
      await pause(BETWEEN_PAGES_MS);
    }
    await pause(FIRST_READ_MS);
    const firstLook = counter.counts;
    counter.reset();
    const before = asked(open);
    await pause((MEASURE_SEC / 2) * 1000);
    await addPart();
    await pause((MEASURE_SEC / 2) * 1000);
    const watching = { seconds: MEASURE_SEC, asked: asked(open) - before, requests: counter.counts };
    for (const page of open) await page.close();
    counter.reset();
    await pause(IDLE_SEC * 1000);
    return { goldDays, pages, listens, firstLook, ...watching, idleSeconds: IDLE_SEC, idle: counter.counts };
  };
  return Promise.race([died, measured()]);
}

function asked(pages: readonly OpenPage[]): number {
  return pages.reduce((sum, page) => sum + page.asked, 0);
}
