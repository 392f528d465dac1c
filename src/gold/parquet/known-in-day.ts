/**
 * What the footer of a finished day says of what is known of its hours, so that a long range needs neither each hour nor
 * each list of what was read: when the hours were rebuilt, and where everything that was read is in gold.
 */
import type {
  DayFooter,
  MergedRead,
  ReadsInDay,
  RebuiltInDay,
} from '../../contracts/storage/gold-footers.ts';
import { GOLD_RECORDS, hourOfPartKey } from '../../contracts/storage/object-keys.ts';
import type { StoredRead } from '../../contracts/storage/stored-read.ts';
import { mergeComplete } from '../../core/coverage/read-ranges.ts';
import type { ReadRecord } from '../../core/coverage/read-ranges.ts';
import { areTexts, isObject } from '../../core/json.ts';
import type { Hour } from '../../core/time.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { isUnreadable } from '../unreadable-objects.ts';
import { readHour } from './hour-object.ts';
import type { HourVersion } from './hour-object.ts';
import { ledgerOf, partName } from './hour-state.ts';
import type { GoldHour } from './hour-state.ts';
import { byEnd, hourOfRecords, readList } from './read-records.ts';

type KnownInDay = Required<Pick<DayFooter, 'rebuilt' | 'reads'>>;

/** What the last rebuild of an hour says; undefined before the first. */
export function rebuiltIn({ audit, added }: GoldHour): RebuiltInDay | undefined {
  // A footer can come from another program.
  if (audit === undefined || !Number.isFinite(audit.rebuiltAtMs)) return undefined;
  return { rebuiltAtMs: audit.rebuiltAtMs, hasAddedSince: added.length > 0 };
}

/** @param hours of the day, as its rows are from */
export async function knownInDay(
  store: VersionedStore,
  day: string,
  hours: ReadonlyMap<Hour, HourVersion>,
): Promise<KnownInDay> {
  const rebuilt = [...hours].flatMap(([hour, version]) => {
    const said = rebuiltIn(version.hour);
    return said === undefined ? [] : [[hour, said] as const];
  });
  const ledgers = new Ledgers(store, hours);
  const reads: [Hour, ReadsInDay][] = [];
  for await (const page of store.listObjects(`${GOLD_RECORDS}${day}`)) {
    for (const object of page) {
      const hour = hourOfRecords(object.key);
      const said = hour === undefined ? undefined : await readsOf(store, object, ledgers);
      if (hour !== undefined && said !== undefined) reads.push([hour, said]);
    }
  }
  return { rebuilt: Object.fromEntries(rebuilt), reads: Object.fromEntries(reads) };
}

/** Undefined where gold lacks a part, or an object cannot be read: readers then look for themselves. */
async function readsOf(
  store: VersionedStore,
  { key }: ListedObject,
  ledgers: Ledgers,
): Promise<ReadsInDay | undefined> {
  try {
    const list = await readList(store, key);
    if (list === undefined) return undefined;
    const parts = await ledgers.holding(list.reads.flatMap(({ keys }) => keys));
    if (parts === undefined) return undefined;
    const records = mergeComplete(list.reads.toSorted(byEnd).map(read => readRecordOf(read, true)));
    return { etag: list.etag, parts, records: records.map(mergedOf) };
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** Ledgers of hours, each read once. */
class Ledgers {
  readonly #store: VersionedStore;
  readonly #hours: Map<Hour, HourVersion>;

  constructor(store: VersionedStore, hours: ReadonlyMap<Hour, HourVersion>) {
    this.#store = store;
    this.#hours = new Map(hours);
  }

  /** The hours that have these parts, with their ETags; undefined when one lacks a part. */
  async holding(keys: readonly string[]): Promise<Record<Hour, string> | undefined> {
    const found: Record<Hour, string> = {};
    for (const key of keys) {
      const hour = hourOfPartKey(key);
      if (hour === undefined) return undefined;
      const version = this.#hours.get(hour) ?? (await readHour(this.#store, hour));
      this.#hours.set(hour, version);
      if (version.etag === undefined || !ledgerOf(version.hour).has(partName(key))) return undefined;
      found[hour] = version.etag;
    }
    return found;
  }
}

export function readRecordOf({ sequence, from, to, wikis }: StoredRead, isComplete: boolean): ReadRecord {
  return {
    sequence,
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
    ...(wikis !== undefined && { wikis }),
    isComplete,
  };
}

function mergedOf({ sequence, lastSequence = sequence, fromMs, toMs, wikis }: ReadRecord): MergedRead {
  return { sequence, lastSequence, fromMs, toMs, ...(wikis !== undefined && { wikis }) };
}

/** Whether a footer that JSON gave is as `knownInDay` writes it, or of an earlier version. */
export function isKnownInDay(footer: Readonly<Record<string, unknown>>): boolean {
  const { rebuilt = {}, reads = {} } = footer;
  if (!isObject(rebuilt) || !isObject(reads)) return false;
  return Object.values(rebuilt).every(isRebuilt) && Object.values(reads).every(isReads);
}

function isRebuilt(value: unknown): boolean {
  if (!isObject(value)) return false;
  return typeof value['rebuiltAtMs'] === 'number' && typeof value['hasAddedSince'] === 'boolean';
}

function isReads(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { etag, parts, records } = value;
  if (typeof etag !== 'string' || !isObject(parts) || !Array.isArray(records)) return false;
  return records.every(
    (record: unknown) =>
      isObject(record) &&
      ['sequence', 'lastSequence', 'fromMs', 'toMs'].every(name => typeof record[name] === 'number') &&
      (record['wikis'] === undefined || areTexts(record['wikis'])),
  );
}
