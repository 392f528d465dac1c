/** Anomalies in S3: one JSON object for each day on which some began, with all of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { GOLD_ANOMALIES, goldAnomaliesKey } from '../../contracts/storage/object-keys.ts';
import { isRecordedAnomaly } from '../../contracts/storage/recorded-anomaly.ts';
import type { RecordedAnomaly } from '../../contracts/storage/recorded-anomaly.ts';
import { backoffMs } from '../../core/backoff.ts';
import { isObject } from '../../core/json.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { isDay, isoSeconds } from '../../core/time.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { MOST_ANOMALY_SECONDS, byStart, isIn, merged } from '../anomalies.ts';
import type { AnomalyRange } from '../anomalies.ts';
import { isUnreadable } from '../unreadable-objects.ts';
import type { UnreadableObjects } from '../unreadable-objects.ts';
import { contended } from './hour-object.ts';
import { Listing } from './listing.ts';
import type { ListingAge } from './listing-age.ts';
import { parseMetadata } from './metadata-store.ts';
import type { ItemKind } from './metadata-store.ts';

const OWN_NAME = /\/(\d{4}-\d\d-\d\d)\.json$/;
const PARALLEL_READS = 16;
const MAX_TRIES = 40;
const BACKOFF = { baseMs: 20, maxMs: 1_000 };
/** A day has a hundred at most, of 500 bytes each. */
const MAX_BYTES = 4 << 20;
/** Days in memory. */
const KEPT = 400;

const DAY_LIST: ItemKind<{ readonly anomalies: readonly RecordedAnomaly[] }> = {
  name: 'a list of anomalies',
  is: (value): value is { readonly anomalies: readonly RecordedAnomaly[] } =>
    isObject(value) && Array.isArray(value['anomalies']) && value['anomalies'].every(isRecordedAnomaly),
};

/** An object as it is. */
interface DayList {
  /** Undefined for an object that does not exist. */
  readonly etag: string | undefined;
  readonly anomalies: readonly RecordedAnomaly[];
}

export class AnomalyDays {
  readonly #store: VersionedStore;
  readonly #unreadable: UnreadableObjects;
  readonly #listing: Listing;
  /** By key. */
  readonly #known = new LRUCache<string, DayList>({ max: KEPT });

  /** @param unreadable learns which objects are skipped */
  constructor(store: VersionedStore, maxAgeMs: number, unreadable: UnreadableObjects, age?: ListingAge) {
    this.#store = store;
    this.#unreadable = unreadable;
    this.#listing = new Listing(store, GOLD_ANOMALIES, maxAgeMs, age);
  }

  /** Replaces what an earlier look said. An object that cannot be read is replaced too: detecting must not end there. */
  async record(anomalies: readonly RecordedAnomaly[]): Promise<void> {
    const byDay = new Map<string, RecordedAnomaly[]>();
    for (const anomaly of anomalies) {
      const day = dayOf(anomaly.from);
      byDay.set(day, [...(byDay.get(day) ?? []), anomaly]);
    }
    for (const [day, ofDay] of byDay) await this.#recordIn(goldAnomaliesKey(day), ofDay);
  }

  async in(range: AnomalyRange): Promise<RecordedAnomaly[]> {
    const firstDay = dayOf(range.from - MOST_ANOMALY_SECONDS);
    const lastDay = dayOf(range.to);
    const after = `${GOLD_ANOMALIES}${firstDay}`;
    const listed = await this.#listing.since(after);
    this.#unreadable.settle(GOLD_ANOMALIES, after, listed);
    const days = listed.filter(({ key }) => {
      const day = dayOfAnomalies(key);
      return day !== undefined && day <= lastDay;
    });
    const read = await mapBounded(days, PARALLEL_READS, object => this.#read(object));
    return read
      .flat()
      .filter(anomaly => isIn(range, anomaly))
      .sort(byStart);
  }

  async #recordIn(key: string, anomalies: readonly RecordedAnomaly[]): Promise<void> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const current = await this.#current(key);
      const all = merged(current.anomalies, anomalies);
      if (all.every((anomaly, at) => anomaly === current.anomalies[at])) return;
      const body = Buffer.from(`${JSON.stringify({ anomalies: all })}\n`);
      const etag = await this.#store.replace(key, current.etag, body, { contentType: 'application/json' });
      this.#listing.forget();
      if (etag !== undefined) {
        this.#known.set(key, { etag, anomalies: all });
        return;
      }
      await sleep(backoffMs(BACKOFF, tries, Math.random()));
    }
    throw contended(key, MAX_TRIES);
  }

  /** What an object says; nothing when it cannot be read. */
  async #read(object: ListedObject): Promise<readonly RecordedAnomaly[]> {
    const known = this.#known.get(object.key);
    if (known?.etag === object.etag) return known.anomalies;
    const list = await this.#unreadable.skipping(object, () => readDay(this.#store, object.key));
    if (list === undefined) return [];
    this.#known.set(object.key, list);
    return list.anomalies;
  }

  async #current(key: string): Promise<DayList> {
    try {
      return await readDay(this.#store, key);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      // The tag alone, to replace it.
      this.#listing.forget();
      const [object] = (await this.#listing.since('')).filter(listed => listed.key === key);
      return { etag: object?.etag, anomalies: [] };
    }
  }
}

async function readDay(store: Pick<VersionedStore, 'read'>, key: string): Promise<DayList> {
  const version = await store.read(key, MAX_BYTES);
  if (version === undefined) return { etag: undefined, anomalies: [] };
  return { etag: version.etag, anomalies: parseMetadata(key, version.body, DAY_LIST).anomalies };
}

/** The day of an object of ours; undefined for any other. */
function dayOfAnomalies(key: string): string | undefined {
  const [, day] = OWN_NAME.exec(key) ?? [];
  return day !== undefined && isDay(day) ? day : undefined;
}

function dayOf(second: number): string {
  return isoSeconds(second).slice(0, 10);
}
