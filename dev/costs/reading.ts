/**
 * What looking costs: an API process with gold in S3, pages that poll it for as long as a live run takes from one flush to
 * the next, and one new part in the middle of that time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { hourOf, minuteOf } from '../../src/core/time.ts';
import { openS3 } from '../../src/store/s3.ts';
import { freePort, LOOPBACK } from '../stack/ports.ts';
import { ageGold, applyRows } from './aged-gold.ts';
import type { MadeUp } from './aged-gold.ts';
import type { MeasuredListing, MeasuredReading } from './measured.ts';
import { OpenPage } from './page.ts';
import { goldOf, openCounted, startOurs } from './surroundings.ts';
import type { Counted, Surroundings } from './surroundings.ts';

export interface Audience {
  /** Days of gold that there are. */
  readonly goldDays: number;
  readonly pages: number;
}

/** Gold of an age, in a bucket of its own. */
export interface Aged extends Audience {
  readonly bucket: string;
  readonly counted: Counted;
  readonly listing: MeasuredListing;
}

/** FLUSH_MAX_SEC at its default: one new part a stretch. */
const STRETCH_SEC = 300;
/** All that is asked seldom has been asked once by then. */
const FIRST_LOOK_MS = 10_000;
const IDLE_SEC = 20;
/** Pages of people do not ask in step. */
const BETWEEN_PAGES_MS = 170;
const GOLD = { GOLD: 's3' };

/** Makes a bucket with gold of so many days, and counts a run of the Schedule that finds nothing to do. */
export async function openAged(
  { goldDays, pages }: Audience,
  madeUp: MadeUp,
  around: Surroundings,
): Promise<Aged> {
  const bucket = `costs-gold-${goldDays}-${pages}`;
  const counted = await openCounted(bucket, around);
  const { counter, store } = counted;
  await store.prepare('costs');
  // One instant for both: a day may be finished in between.
  const nowMs = Date.now();
  await ageGold(goldOf(GOLD, store, around), goldDays, nowMs, madeUp);
  const through = openS3({ bucket, region: around.region, endpoint: counter.endpoint });
  around.onClose(() => through.close());
  const stale = await goldOf(GOLD, through, around).days?.stale(nowMs);
  if (stale?.length !== 0) throw new Error(`days that are not compacted: ${stale?.join(', ')}`);
  return { goldDays, pages, bucket, counted, listing: { goldDays, requests: counter.counts } };
}

/** Counts what pages ask of S3 through an API process. */
export async function measureReading(
  { goldDays, pages, counted: { counter, store, env } }: Aged,
  madeUp: MadeUp,
  around: Surroundings,
): Promise<MeasuredReading> {
  const { signal } = around;
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal });
  const port = String(await freePort());
  const api = { args: ['api'], env: { ...env, ...GOLD, PORT: port }, ready: /^dashboard /m };
  const { died } = await startOurs(`api-${goldDays}-${pages}`, api, around);
  const gold = goldOf(GOLD, store, around);
  /** As a worker would: by a process that is not the API's. */
  const addPart = async (): Promise<void> => {
    const minute = minuteOf(Date.now() / 1000);
    const rows = [{ minute, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 1 }];
    await applyRows(gold, hourOf(minute), rows, { ...madeUp, sequence: 2 });
  };
  const measured = async (): Promise<MeasuredReading> => {
    counter.reset();
    const open: OpenPage[] = [];
    for (let page = 0; page < pages; page += 1) {
      open.push(new OpenPage(`http://${LOOPBACK}:${port}`));
      await pause(BETWEEN_PAGES_MS);
    }
    await pause(FIRST_LOOK_MS);
    const firstLook = counter.counts;
    counter.reset();
    const before = asked(open);
    await pause((STRETCH_SEC / 2) * 1000);
    await addPart();
    await pause((STRETCH_SEC / 2) * 1000);
    const stretch = { seconds: STRETCH_SEC, asked: asked(open) - before, requests: counter.counts };
    for (const page of open) await page.close();
    counter.reset();
    await pause(IDLE_SEC * 1000);
    return { goldDays, pages, firstLook, ...stretch, idleSeconds: IDLE_SEC, idle: counter.counts };
  };
  return Promise.race([died, measured()]);
}

function asked(pages: readonly OpenPage[]): number {
  return pages.reduce((sum, page) => sum + page.asked, 0);
}
