/**
 * The dataset of finished days: the rows of a day's hours again, as one object, so that a long range needs few
 * requests. Its footer names the version of each hour that it was made from. Readers use it only for hours that are
 * still that version, so a day that is out of date never hides a late correction of an hour.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AsyncBuffer } from 'hyparquet';
import { backoffMs } from '../../core/backoff.ts';
import type { DayFooter } from '../../contracts/storage/gold-footers.ts';
import {
  GOLD_DAYS,
  GOLD_HOURS,
  dayOfGoldKey,
  goldDayKey,
  goldHoursPrefix,
  hourOfGoldKey,
  monthPartitions,
} from '../../contracts/storage/object-keys.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import type { MinuteRow } from '../../core/minute-counts.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { isObject } from '../../core/json.ts';
import { DAY_MS, HOUR_MS, isoMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { CompactedDay } from '../gold-store.ts';
import { isUnreadable } from '../unreadable-objects.ts';
import { rowsWithin } from './minutes.ts';
import { GoldFile, encodeGold, unreadableGold } from './row-file.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { tooLarge } from '../../store/too-large.ts';
import { MAX_GOLD_BYTES, PARQUET, PAUSE_MS, READ_TRIES, objectChanged, readHour } from './hour-object.ts';
import { isKnownInDay, knownInDay } from './known-in-day.ts';
import { goldObjectProblems } from './known-problems.ts';
import { hasSums, sumsOf } from './sums-in-day.ts';

/** Size of the first request for a footer, which is a tenth of a large day. A longer footer takes a second request. */
const tailOf = (size: number): number => Math.max(16 << 10, Math.ceil(size / 8));
const PARALLEL_READS = 8;
const MAX_TRIES = 10;
const BACKOFF = { baseMs: 20, maxMs: 1_000 };
/** Hours are sealed some minutes after their end; only then is a day worth compacting. */
const SETTLED_MS = HOUR_MS;
/** Late events and the last hours of yesterday: what is older changes only when somebody repairs it. */
export const RECENT_MS = 3 * DAY_MS;
/** Of a file without our footer: it stands in for no hour. */
const NO_FOOTER: DayFooter = { version: 1, day: '', hours: {}, latest: {} };

/** A day's object whose footer has been read. */
export interface OpenDay {
  readonly footer: DayFooter;
  /** Rows of one wiki by minute; fetches only row groups that can hold it. @throws PipelineError `object_changed` */
  rowsOf(wiki: string): Promise<MinuteRow[]>;
  /** Rows of all wikis: some ten megabytes. @throws as `rowsOf` */
  rows(): Promise<MinuteRow[]>;
}

/** Reads the footer of the listed version. @throws PipelineError `object_changed` when it has been replaced */
export async function openDay(
  store: Pick<VersionedStore, 'readRange'>,
  { key, etag, size }: ListedObject,
): Promise<OpenDay> {
  if (size > MAX_GOLD_BYTES) throw tooLarge(key, size, MAX_GOLD_BYTES);
  const bytes: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const range = await store.readRange(key, etag, start, end);
      if (range === undefined) throw objectChanged(key);
      return range.slice().buffer;
    },
  };
  const file = await rereading(() => GoldFile.open(bytes, tailOf(size)));
  return {
    footer: footerOf(file),
    rowsOf: wiki => rereading(() => file.rowsOf(wiki)),
    rows: () => rereading(() => file.rows()),
  };
}

async function rereading<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isUnreadable(error) || tries === READ_TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Of a file that `compactDay` has not written: none of its hours is current. @throws PipelineError `object_unreadable` */
function footerOf(file: GoldFile): DayFooter {
  const { footer } = file;
  if (!isObject(footer) || !('version' in footer)) return NO_FOOTER;
  const { day, hours, latest } = footer;
  const isWhole =
    typeof day === 'string' &&
    isObject(hours) &&
    isObject(latest) &&
    Object.values(latest).every(minute => isMinuteOf(day, minute)) &&
    isKnownInDay(footer) &&
    hasSums(footer);
  if (!isWhole) throw unreadableGold('its footer does not say which hours and wikis it has');
  return footer as unknown as DayFooter;
}

function isMinuteOf(day: string, minute: unknown): boolean {
  const ms = Number(minute) * 1000 - Date.parse(day);
  return typeof minute === 'number' && ms >= 0 && ms < DAY_MS;
}

/** The objects of a day's hours. */
async function listHours(store: VersionedStore, day: string): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const page of store.listObjects(goldHoursPrefix(day)))
    found.push(...page.filter(({ key }) => hourOfGoldKey(key) !== undefined));
  return found;
}

/** The object of a day as it is, readable or not. */
interface CurrentDay {
  readonly etag: string | undefined;
  readonly bytes: number;
  readonly rows: number;
  /** Undefined when there is none, or it cannot be read. */
  readonly hours: DayFooter['hours'] | undefined;
  /** Whether its footer is one of this version. */
  readonly isKnowing: boolean;
}

async function readCurrent(store: VersionedStore, key: string): Promise<CurrentDay> {
  const nothing = { bytes: 0, rows: 0, hours: undefined, isKnowing: false };
  let etag: string | undefined;
  try {
    const current = await store.read(key, MAX_GOLD_BYTES);
    if (current === undefined) return { ...nothing, etag };
    ({ etag } = current);
    const file = await GoldFile.of(current.body);
    const footer = footerOf(file);
    const { hours } = footer;
    return { etag, bytes: current.body.length, rows: file.length, hours, isKnowing: isOfThisVersion(footer) };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { ...nothing, etag: etag ?? (await tagOf(store, key)) };
  }
}

/** The tag of an object that is too large to be read. */
async function tagOf(store: VersionedStore, key: string): Promise<string | undefined> {
  for await (const page of store.listObjects(key)) {
    const found = page.find(listed => listed.key === key);
    if (found !== undefined) return found.etag;
  }
  return undefined;
}

/**
 * Writes the day's object from its hours, unless it is already made from their current versions. An hour that cannot be
 * read is left out: readers find it missing in the day, look at the hour itself, and report it.
 */
export async function compactDay(store: VersionedStore, day: string): Promise<CompactedDay> {
  const key = goldDayKey(day);
  const damaged = new Map<Hour, string>();
  let isChanged = false;
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const listed = await listHours(store, day);
    const all = listed.map(({ key, etag }) => [hourOfGoldKey(key) ?? '', etag] as const);
    const hours = Object.fromEntries(all.filter(([hour, etag]) => damaged.get(hour) !== etag));
    const count = Object.keys(hours).length;
    const current = await readCurrent(store, key);
    if (current.isKnowing && current.hours !== undefined && sameHours(current.hours, hours))
      return { day, hours: count, rows: current.rows, bytes: current.bytes, isChanged };
    if (count === 0) return { day, hours: 0, rows: 0, bytes: 0, isChanged };

    const read = await mapBounded(Object.keys(hours), PARALLEL_READS, async hour => {
      try {
        return { hour, version: await readHour(store, hour) };
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        damaged.set(hour, hours[hour] ?? '');
        return undefined;
      }
    });
    const readable = read.filter(each => each !== undefined);
    // These can be newer than the versions that were listed.
    const versions = Object.fromEntries(readable.map(({ hour, version }) => [hour, version.etag ?? '']));
    const byHour = readable.map(({ hour, version }) => [hour, rowsWithin(hour, version.hour.rows)] as const);
    const rows = byHour.flatMap(([, ofHour]) => ofHour);
    const sums = Object.fromEntries(byHour.map(([hour, ofHour]) => [hour, sumsOf(hour, ofHour)]));
    const known = await knownInDay(store, day, new Map(readable.map(({ hour, version }) => [hour, version])));
    const footer: DayFooter = { version: 1, day, hours: versions, latest: latestOf(rows), ...known, sums };
    const written = await store.replace(key, current.etag, await encodeGold(rows, footer), PARQUET);
    // Check again even after success: an hour may have changed since it was read.
    if (written !== undefined) isChanged = true;
    else await sleep(backoffMs(BACKOFF, tries, Math.random()));
  }
  const { shows, remedy } = goldObjectProblems.changingDay;
  throw new PipelineError(shows({ day, tries: String(MAX_TRIES) }), {
    code: 'storage_unavailable',
    op: 'compact day',
    subject: day,
    retryable: true,
    hint: remedy,
  });
}

/** Folders below both datasets, such as `yyyy=2026/mm=11/`, that contain all days, or the days that can still change much. */
type Folders = readonly string[];

const ALL: Folders = [''];

/** The months of today and of a few days ago: two listings, however old gold is. */
function recentMonths(nowMs: number): Folders {
  return [...new Set([nowMs, nowMs - RECENT_MS].map(ms => monthPartitions(isoMs(ms))))];
}

export interface ListedDays {
  /** Finished days whose object is missing, or older than one of their hours. */
  readonly stale: string[];
  readonly objects: readonly ListedObject[];
}

/** @param which which days to look at */
export async function staleDays(
  store: Pick<VersionedStore, 'listObjects'>,
  nowMs: number,
  which: 'all' | 'recent' = 'all',
): Promise<ListedDays> {
  const newest = new Map<string, number>();
  const written = new Map<string, number>();
  const objects: ListedObject[] = [];
  for (const folder of which === 'all' ? ALL : recentMonths(nowMs)) {
    for await (const page of store.listObjects(`${GOLD_HOURS}${folder}`)) {
      for (const { key, modifiedMs } of page) {
        const day = hourOfGoldKey(key)?.slice(0, 10);
        if (day !== undefined) newest.set(day, Math.max(newest.get(day) ?? 0, modifiedMs));
      }
    }
    for await (const page of store.listObjects(`${GOLD_DAYS}${folder}`)) {
      objects.push(...page);
      for (const { key, modifiedMs } of page) written.set(dayOfGoldKey(key) ?? '', modifiedMs);
    }
  }
  const stale = [...newest]
    .filter(([day]) => Date.parse(day) + DAY_MS + SETTLED_MS <= nowMs)
    // S3 reports whole seconds: an hour with the day's second may be the later of the two.
    .filter(([day, modifiedMs]) => modifiedMs >= (written.get(day) ?? 0))
    .map(([day]) => day);
  return { stale, objects };
}

/** Whether a footer says what is known of its hours, and what they add up to. */
function isOfThisVersion({ rebuilt, sums }: DayFooter): boolean {
  return rebuilt !== undefined && sums !== undefined;
}

/** Whether an object of a day is of an earlier version. */
export async function isOlderDay(
  store: Pick<VersionedStore, 'readRange'>,
  object: ListedObject,
): Promise<boolean> {
  try {
    const { footer } = await openDay(store, object);
    return !isOfThisVersion(footer) && footer.day !== '';
  } catch (error) {
    const isReplaced = error instanceof PipelineError && error.code === 'object_changed';
    if (isReplaced || isUnreadable(error)) return false;
    throw error;
  }
}

/** Whether both have the same versions of the same hours. */
function sameHours(a: DayFooter['hours'], b: DayFooter['hours']): boolean {
  const hours = Object.keys(b);
  return Object.keys(a).length === hours.length && hours.every(hour => a[hour] === b[hour]);
}

function latestOf(rows: readonly MinuteRow[]): Record<string, number> {
  const latest = new Map<string, number>();
  for (const { wiki, minute } of rows) latest.set(wiki, Math.max(latest.get(wiki) ?? 0, minute));
  // Sorted, so that the same rows make the same bytes.
  return Object.fromEntries([...latest].sort(([a], [b]) => (a < b ? -1 : 1)));
}
