/** What lies under gold's prefix and cannot be read, or is read by nobody. For `verify`; hours have a check of their own. */
import { messageOf } from '../../contracts/errors.ts';
import {
  GOLD,
  GOLD_ANOMALIES,
  GOLD_COVERAGE,
  GOLD_EXPECTATIONS,
  GOLD_GAPS,
  GOLD_RECORDS,
  GOLD_SOURCES,
  dayOfGoldKey,
  hourOfGoldKey,
} from '../../contracts/storage/object-keys.ts';
import { grouped } from '../../core/grouped.ts';
import { DAY_MS, HOUR_MS, hourStartMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { ListedObject, ObjectStore, VersionedStore } from '../../store/object-store.ts';
import { MOST_ANOMALY_SECONDS } from '../anomalies.ts';
import type { OddObject } from '../snapshot.ts';
import { UnreadableObjects, isUnreadable } from '../unreadable-objects.ts';
import { ANOMALY_DAYS, EXPECTATION_DAYS } from './day-list-kinds.ts';
import { DayLists } from './day-lists.ts';
import { openDay } from './day-object.ts';
import { MAX_GOLD_BYTES } from './hour-object.ts';
import { openMetadata } from './item-kinds.ts';
import { ReadRecords } from './read-records.ts';
import { isFuture } from './reader.ts';

/** Where `prepareVersions` tries what the store can do. */
const PROBE = `${GOLD}_probe/`;
const BESIDE_ROWS = [GOLD_SOURCES, GOLD_GAPS, GOLD_COVERAGE, GOLD_RECORDS, GOLD_ANOMALIES, GOLD_EXPECTATIONS];

export async function oddObjects(
  store: ObjectStore & VersionedStore,
  fromMs: number,
  toMs: number,
  nowMs: number,
): Promise<OddObject[]> {
  const odd: OddObject[] = [];
  for await (const page of store.listObjects(GOLD))
    for (const object of page) {
      const found = byName(object, nowMs) ?? (await byContent(store, object, fromMs, toMs));
      if (found !== undefined) odd.push(found);
    }
  const unreadable = new UnreadableObjects(() => nowMs);
  const { sources, gaps, coverage } = openMetadata(store, 0, unreadable);
  for (const items of [sources, gaps, coverage]) await items.all();
  await new ReadRecords(store, 0, unreadable).between(fromMs, toMs);
  const [from, to] = [fromMs / 1000, toMs / 1000];
  await new DayLists(store, ANOMALY_DAYS, 0, unreadable).ofDays(from - MOST_ANOMALY_SECONDS, to);
  await new DayLists(store, EXPECTATION_DAYS, 0, unreadable).ofDays(from, to);
  return [...odd, ...unreadable.all.map(({ key, problem }) => damaged(key, problem))];
}

function byName({ key }: ListedObject, nowMs: number): OddObject | undefined {
  const hour = firstHourOf(key);
  if (hour !== undefined)
    return isFuture(hour, nowMs)
      ? unused(key, 'lies in the future, more than a year ahead: nobody can have counted it')
      : undefined;
  const isBesideRows = BESIDE_ROWS.some(prefix => key.startsWith(prefix)) && key.endsWith('.json');
  return isBesideRows || key.startsWith(PROBE) ? undefined : unused(key, 'is not an object of gold');
}

/** The hour of an object, or the first one of a day. */
function firstHourOf(key: string): Hour | undefined {
  const day = dayOfGoldKey(key);
  return day === undefined ? hourOfGoldKey(key) : `${day}T00`;
}

/** Reads a day of the range. Of all others the size is known. */
async function byContent(
  store: VersionedStore,
  object: ListedObject,
  fromMs: number,
  toMs: number,
): Promise<OddObject | undefined> {
  const { key, size } = object;
  const day = dayOfGoldKey(key);
  const startMs = hourStartMs(firstHourOf(key) ?? '');
  if (startMs === undefined) return undefined;
  const isWanted = startMs < toMs && startMs + (day === undefined ? HOUR_MS : DAY_MS) > fromMs;
  if (!isWanted && size > MAX_GOLD_BYTES) return damaged(key, `it has ${grouped(size)} bytes`);
  // Hours of the range are read, and compared, by the check of the hour.
  if (!isWanted || day === undefined) return undefined;
  try {
    const opened = await openDay(store, object);
    await opened.rows();
    return undefined;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return damaged(key, messageOf(error));
  }
}

function unused(key: string, problem: string): OddObject {
  return { key, kind: 'unused', problem };
}

function damaged(key: string, problem: string): OddObject {
  return { key, kind: 'damaged', problem };
}
