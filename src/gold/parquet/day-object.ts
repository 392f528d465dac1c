/**
 * The dataset of finished days: the rows of a day's hours once more as one object, so that a long range reads few. Its
 * facts name the version of each hour that it was made of. Who reads it takes it for those hours only whose version is
 * still that one: a late correction of an hour is never hidden by a day that does not have it yet.
 */
import type { AsyncBuffer } from 'hyparquet';
import {
  GOLD_DAYS,
  GOLD_HOURS,
  dayOfGoldKey,
  goldDayKey,
  goldHoursPrefix,
  hourOfGoldKey,
} from '../../contracts/storage/object-keys.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import type { MinuteRow } from '../../core/minute-counts.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { DAY_MS, HOUR_MS } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { CompactedDay } from '../gold-store.ts';
import { GoldFile, encodeGold } from './row-file.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { PARQUET, objectChanged, readHour } from './hour-object.ts';

/** What the file of a day says beside its rows. */
export interface DayFacts {
  readonly version: 1;
  readonly day: string;
  /** The version of each hour that the rows are from. */
  readonly hours: Readonly<Record<Hour, string>>;
  /** The newest minute of each wiki, epoch seconds. */
  readonly latest: Readonly<Record<string, number>>;
}

/** The footer is a tenth of a day of all wikis, and more of a small one; one that is longer takes a second request. */
const tailOf = (size: number): number => Math.max(16 << 10, Math.ceil(size / 8));
const PARALLEL_READS = 8;
const MAX_TRIES = 10;
/** Hours are sealed some minutes after their end; a day is compacted once that is done. */
const SETTLED_MS = HOUR_MS;

/** A day's object whose footer is read. */
export interface OpenDay {
  readonly facts: DayFacts;
  /** Rows of one wiki by minute, by the ranges that can hold it. @throws PipelineError `object_changed` */
  rowsOf(wiki: string): Promise<MinuteRow[]>;
}

/** Reads the footer of a day's present version. @throws PipelineError `object_changed` when it is another by now */
export async function openDay(
  store: Pick<VersionedStore, 'readRange'>,
  { key, etag, size }: ListedObject,
): Promise<OpenDay> {
  const bytes: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const range = await store.readRange(key, etag, start, end);
      if (range === undefined) throw objectChanged(key);
      return range.slice().buffer;
    },
  };
  const file = await GoldFile.open(bytes, tailOf(size));
  // Written by `compactDay`; a file of somebody else is of no hour that we know.
  const facts = (file.facts ?? { version: 1, day: '', hours: {}, latest: {} }) as DayFacts;
  return { facts, rowsOf: wiki => file.rowsOf(wiki) };
}

/** The objects of a day's hours. */
async function listHours(store: VersionedStore, day: string): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const page of store.listObjects(goldHoursPrefix(day)))
    found.push(...page.filter(({ key }) => hourOfGoldKey(key) !== undefined));
  return found;
}

/** Writes the day's object from its hours, unless it is made of their present versions already. */
export async function compactDay(store: VersionedStore, day: string): Promise<CompactedDay> {
  const key = goldDayKey(day);
  let isChanged = false;
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const listed = await listHours(store, day);
    const hours = Object.fromEntries(listed.map(({ key, etag }) => [hourOfGoldKey(key) ?? '', etag]));
    const present = await store.read(key);
    const file = present === undefined ? undefined : await GoldFile.of(present.body).catch(() => undefined);
    const known = file?.facts as DayFacts | undefined;
    if (present !== undefined && file !== undefined && sameHours(known?.hours ?? {}, hours))
      return { day, hours: listed.length, rows: file.length, bytes: present.body.length, isChanged };
    if (listed.length === 0) return { day, hours: 0, rows: 0, bytes: 0, isChanged };

    const read = await mapBounded(Object.keys(hours), PARALLEL_READS, hour => readHour(store, hour));
    // The versions that were read, which may be later ones than those that were listed.
    const versions = Object.fromEntries(Object.keys(hours).map((hour, at) => [hour, read[at]?.etag ?? '']));
    const rows = read.flatMap(({ hour }) => hour.rows);
    const facts: DayFacts = { version: 1, day, hours: versions, latest: latestOf(rows) };
    const written = await store.replace(key, present?.etag, await encodeGold(rows, facts), PARQUET);
    // Looked at again either way: an hour may have changed since it was read.
    if (written !== undefined) isChanged = true;
  }
  throw new PipelineError(`the hours of ${day} changed at each of ${MAX_TRIES} tries to compact them`, {
    code: 'storage_unavailable',
    op: 'compact day',
    subject: day,
    retryable: true,
  });
}

/** Finished days whose object is missing, or older than one of their hours. */
export async function staleDays(store: VersionedStore, nowMs: number): Promise<string[]> {
  const newest = new Map<string, number>();
  for await (const page of store.listObjects(GOLD_HOURS)) {
    for (const { key, modifiedMs } of page) {
      const day = hourOfGoldKey(key)?.slice(0, 10);
      if (day !== undefined) newest.set(day, Math.max(newest.get(day) ?? 0, modifiedMs));
    }
  }
  const written = new Map<string, number>();
  for await (const page of store.listObjects(GOLD_DAYS))
    for (const { key, modifiedMs } of page) written.set(dayOfGoldKey(key) ?? '', modifiedMs);
  return (
    [...newest]
      .filter(([day]) => Date.parse(day) + DAY_MS + SETTLED_MS <= nowMs)
      // S3's clock knows seconds: an hour of the same second may be the later one.
      .filter(([day, modifiedMs]) => modifiedMs >= (written.get(day) ?? 0))
      .map(([day]) => day)
  );
}

/** Whether two maps name the same version of the same hours. */
function sameHours(a: Readonly<Record<Hour, string>>, b: Readonly<Record<Hour, string>>): boolean {
  const hours = Object.keys(b);
  return Object.keys(a).length === hours.length && hours.every(hour => a[hour] === b[hour]);
}

function latestOf(rows: readonly MinuteRow[]): Record<string, number> {
  const latest = new Map<string, number>();
  for (const { wiki, minute } of rows) latest.set(wiki, Math.max(latest.get(wiki) ?? 0, minute));
  // In an order of its own, so that the same rows make the same bytes.
  return Object.fromEntries([...latest].sort(([a], [b]) => (a < b ? -1 : 1)));
}
