/**
 * What gold keeps of the records of the commit log: one JSON object for each hour in which ranges end, with all of them.
 * A week of the log has thousands of records, too many for an object each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { MergedRead } from '../../contracts/storage/gold-footers.ts';
import { GOLD_RECORDS, goldRecordsKey } from '../../contracts/storage/object-keys.ts';
import type { StoredRead } from '../../contracts/storage/stored-read.ts';
import { backoffMs } from '../../core/backoff.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { hourOf } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { isUnreadable } from '../unreadable-objects.ts';
import type { UnreadableObjects } from '../unreadable-objects.ts';
import { Listing } from './listing.ts';
import type { ListingAge } from './listing-age.ts';
import { contended } from './hour-object.ts';
import { READ_LIST } from './item-kinds.ts';
import { parseMetadata } from './metadata-store.ts';

const OWN_NAME = /\/(\d{4}-\d\d-\d\dT\d\d)\.json$/;
const PARALLEL_READS = 16;
const MAX_TRIES = 40;
const BACKOFF = { baseMs: 20, maxMs: 1_000 };

/** Ten times as much as an hour with a flush every second. */
const MAX_BYTES = 16 << 20;

/** Objects in memory: two weeks. An hour has about twelve records of 300 bytes. */
const KEPT = 400;

/** An object as it is. */
interface ReadList {
  readonly etag: string;
  readonly reads: readonly StoredRead[];
}

export class ReadRecords {
  readonly #store: VersionedStore;
  readonly #unreadable: UnreadableObjects;
  readonly #listing: Listing;
  /** By key. */
  readonly #known = new LRUCache<string, ReadList>({ max: KEPT });

  /** @param unreadable learns which objects are skipped */
  constructor(store: VersionedStore, maxAgeMs: number, unreadable: UnreadableObjects, age?: ListingAge) {
    this.#store = store;
    this.#unreadable = unreadable;
    this.#listing = new Listing(store, GOLD_RECORDS, maxAgeMs, age);
  }

  /** Adds those that are missing. Where an object cannot be read, its hour stays unknown: others must not wait for it. */
  async add(reads: readonly StoredRead[]): Promise<void> {
    const byHour = new Map<Hour, StoredRead[]>();
    for (const read of reads) {
      const hour = hourOf(Date.parse(read.to) / 1000);
      byHour.set(hour, [...(byHour.get(hour) ?? []), read]);
    }
    for (const [hour, ofHour] of byHour)
      await this.#addTo(goldRecordsKey(hour), ofHour).catch((error: unknown) => {
        if (!isUnreadable(error)) throw error;
      });
  }

  /**
   * Those whose range ends after an instant and begins before another.
   * @param merged what an object says, where that is known without reading it
   */
  async between(
    afterMs: number,
    beforeMs: number,
    merged: (hour: Hour, etag: string) => readonly MergedRead[] | undefined = () => undefined,
  ): Promise<{ readonly merged: MergedRead[]; readonly reads: StoredRead[] }> {
    const listed = await this.#listed(`${GOLD_RECORDS}${hourOf(afterMs / 1000)}`);
    const found: { merged: MergedRead[]; reads: StoredRead[] } = { merged: [], reads: [] };
    for (let at = 0; at < listed.length; at += PARALLEL_READS) {
      const batch = listed.slice(at, at + PARALLEL_READS);
      const ofBatch = batch.flatMap(({ key, etag }) => merged(hourOfRecords(key) ?? '', etag) ?? []);
      const unknown = batch.filter(({ key, etag }) => merged(hourOfRecords(key) ?? '', etag) === undefined);
      const read = (await mapBounded(unknown, PARALLEL_READS, object => this.#read(object))).flat();
      const early = ofBatch.filter(({ fromMs }) => fromMs < beforeMs);
      const within = read.filter(({ from }) => Date.parse(from) < beforeMs);
      // Each range begins where an earlier one ends.
      if (early.length === 0 && within.length === 0) break;
      found.merged.push(...early);
      found.reads.push(...within);
    }
    return {
      merged: found.merged.filter(({ toMs }) => toMs > afterMs),
      reads: found.reads.filter(({ to }) => Date.parse(to) > afterMs),
    };
  }

  /** The one that ends last. */
  async last(): Promise<StoredRead | undefined> {
    const listed = await this.#listed(GOLD_RECORDS);
    const newest = listed.at(-1);
    return newest === undefined ? undefined : (await this.#read(newest)).toSorted(byEnd).at(-1);
  }

  async #addTo(key: string, reads: readonly StoredRead[]): Promise<void> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const current = await this.#current(key);
      const names = new Set(current?.reads.map(nameOf));
      const missing = reads.filter(read => !names.has(nameOf(read)));
      if (missing.length === 0) return;
      const all = [...(current?.reads ?? []), ...missing].sort(byEnd);
      const body = Buffer.from(`${JSON.stringify({ records: all })}\n`);
      const etag = await this.#store.replace(key, current?.etag, body, { contentType: 'application/json' });
      this.#listing.forget();
      if (etag !== undefined) {
        this.#known.set(key, { etag, reads: all });
        return;
      }
      await sleep(backoffMs(BACKOFF, tries, Math.random()));
    }
    throw contended(key, MAX_TRIES);
  }

  /** Ours alone: other objects may lie beside them. */
  async #listed(after: string): Promise<readonly ListedObject[]> {
    const listed = await this.#listing.since(after);
    this.#unreadable.settle(GOLD_RECORDS, after, listed);
    return listed.filter(({ key }) => hourOfRecords(key) !== undefined);
  }

  /** What an object says; nothing when it cannot be read. */
  async #read(object: ListedObject): Promise<readonly StoredRead[]> {
    const known = this.#known.get(object.key);
    if (known?.etag === object.etag) return known.reads;
    const current = await this.#unreadable.skipping(object, () => this.#current(object.key));
    return current?.reads ?? [];
  }

  async #current(key: string): Promise<ReadList | undefined> {
    const current = await readList(this.#store, key);
    if (current !== undefined) this.#known.set(key, current);
    return current;
  }
}

/** The hour of an object of ours; undefined for any other. */
export function hourOfRecords(key: string): Hour | undefined {
  return OWN_NAME.exec(key)?.[1];
}

/** Undefined when there is no such object. @throws PipelineError `object_unreadable` */
export async function readList(
  store: Pick<VersionedStore, 'read'>,
  key: string,
): Promise<ReadList | undefined> {
  const version = await store.read(key, MAX_BYTES);
  return version && { etag: version.etag, reads: parseMetadata(key, version.body, READ_LIST).records };
}

function nameOf({ attempt, sequence }: StoredRead): string {
  return `${sequence} ${attempt}`;
}

export function byEnd(a: StoredRead, b: StoredRead): number {
  return Date.parse(a.to) - Date.parse(b.to) || a.sequence - b.sequence;
}
