/** Lists that gold keeps in S3 by the day, such as anomalies: one JSON object for each day that has items. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { backoffMs } from '../../core/backoff.ts';
import { isObject } from '../../core/json.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { isDay, isoSeconds } from '../../core/time.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
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
/** A day has a hundred items at most, of some hundred bytes each. */
const MAX_BYTES = 4 << 20;
/** Days in memory. */
const KEPT = 400;

export interface DayListKind<T> {
  /** What the keys begin with. */
  readonly prefix: string;
  /** The field of each object that has its items. */
  readonly field: string;
  /** For messages: `a list of anomalies`. */
  readonly name: string;
  readonly is: (value: unknown) => value is T;
  /** Epoch seconds: an item is in the list of this day. */
  readonly secondOf: (item: T) => number;
  /** What a list has after a recording, in order. Items that stay are the same values. */
  readonly merged: (before: readonly T[], recorded: readonly T[]) => T[];
}

/** An object as it is. */
interface DayList<T> {
  /** Undefined for an object that does not exist. */
  readonly etag: string | undefined;
  readonly items: readonly T[];
}

export class DayLists<T> {
  readonly #store: VersionedStore;
  readonly #kind: DayListKind<T>;
  readonly #unreadable: UnreadableObjects;
  readonly #listing: Listing;
  /** By key. */
  readonly #known = new LRUCache<string, DayList<T>>({ max: KEPT });

  /** @param unreadable learns which objects are skipped */
  constructor(
    store: VersionedStore,
    kind: DayListKind<T>,
    maxAgeMs: number,
    unreadable: UnreadableObjects,
    age?: ListingAge,
  ) {
    this.#store = store;
    this.#kind = kind;
    this.#unreadable = unreadable;
    this.#listing = new Listing(store, kind.prefix, maxAgeMs, age);
  }

  /** Merges items into the lists of their days. A list that cannot be read is replaced: recording must not end there. */
  async record(items: readonly T[]): Promise<void> {
    const byDay = new Map<string, T[]>();
    for (const item of items) {
      const day = dayOf(this.#kind.secondOf(item));
      byDay.set(day, [...(byDay.get(day) ?? []), item]);
    }
    for (const [day, ofDay] of byDay) await this.#recordIn(`${this.#kind.prefix}${day}.json`, ofDay);
  }

  /** All items of the days that touch a range of epoch seconds, day by day. */
  async ofDays(from: number, to: number): Promise<T[]> {
    const { prefix } = this.#kind;
    const after = `${prefix}${dayOf(from)}`;
    const lastDay = dayOf(to);
    const listed = await this.#listing.since(after);
    this.#unreadable.settle(prefix, after, listed);
    const days = listed.filter(({ key }) => {
      const day = dayOfKey(key);
      return day !== undefined && day <= lastDay;
    });
    return (await mapBounded(days, PARALLEL_READS, object => this.#read(object))).flat();
  }

  async #recordIn(key: string, items: readonly T[]): Promise<void> {
    const { field, merged } = this.#kind;
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const current = await this.#current(key);
      const all = merged(current.items, items);
      if (all.every((item, at) => item === current.items[at])) return;
      const body = Buffer.from(`${JSON.stringify({ [field]: all })}\n`);
      const etag = await this.#store.replace(key, current.etag, body, { contentType: 'application/json' });
      this.#listing.forget();
      if (etag !== undefined) {
        this.#known.set(key, { etag, items: all });
        return;
      }
      await sleep(backoffMs(BACKOFF, tries, Math.random()));
    }
    throw contended(key, MAX_TRIES);
  }

  /** What an object says; nothing when it cannot be read. */
  async #read(object: ListedObject): Promise<readonly T[]> {
    const known = this.#known.get(object.key);
    if (known?.etag === object.etag) return known.items;
    const list = await this.#unreadable.skipping(object, () => this.#list(object.key));
    if (list === undefined) return [];
    this.#known.set(object.key, list);
    return list.items;
  }

  async #current(key: string): Promise<DayList<T>> {
    try {
      return await this.#list(key);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      // The tag alone, to replace it.
      this.#listing.forget();
      const [object] = (await this.#listing.since('')).filter(listed => listed.key === key);
      return { etag: object?.etag, items: [] };
    }
  }

  async #list(key: string): Promise<DayList<T>> {
    const version = await this.#store.read(key, MAX_BYTES);
    if (version === undefined) return { etag: undefined, items: [] };
    const { field, name, is } = this.#kind;
    const list: ItemKind<Readonly<Record<string, readonly T[]>>> = {
      name,
      is: (value): value is Readonly<Record<string, readonly T[]>> => {
        const items = isObject(value) ? value[field] : undefined;
        return Array.isArray(items) && items.every(is);
      },
    };
    return { etag: version.etag, items: parseMetadata(key, version.body, list)[field] ?? [] };
  }
}

/** The day of an object of ours; undefined for any other. */
function dayOfKey(key: string): string | undefined {
  const [, day] = OWN_NAME.exec(key) ?? [];
  return day !== undefined && isDay(day) ? day : undefined;
}

function dayOf(second: number): string {
  return isoSeconds(second).slice(0, 10);
}
