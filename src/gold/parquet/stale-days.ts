/**
 * Which days to compact, asked every few minutes for as long as a worker runs. Listing all of gold takes a request per
 * thousand objects, so most looks list the recent days only. All of gold is listed seldom, until nothing is stale, and
 * after this process has changed an hour that is not recent. A day that waits meanwhile costs readers a few requests:
 * they read its hours.
 */
import { dayOfGoldKey } from '../../contracts/storage/object-keys.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { DAY_MS, HOUR_MS } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { RECENT_MS, isOlderDay, staleDays } from './day-object.ts';

/** Another process may have repaired old hours. */
const ALL_EVERY_MS = 6 * HOUR_MS;
/** Days that one look reads, to find those of an earlier version: each takes a request. */
const READ_AT_A_LOOK = 200;
const PARALLEL_READS = 8;

export class StaleDays {
  readonly #store: Pick<VersionedStore, 'listObjects' | 'readRange'>;
  /** When all of gold was listed and nothing was stale. */
  #allFreshMs = -Infinity;
  #oldHoursWritten = 0;
  /** Versions of days that were read. */
  readonly #seen = new Set<string>();

  constructor(store: Pick<VersionedStore, 'listObjects' | 'readRange'>) {
    this.#store = store;
  }

  /** Called after each write of an hour. */
  hourWritten(hour: Hour, nowMs: number): void {
    if (Date.parse(`${hour}:00:00Z`) < nowMs - RECENT_MS + DAY_MS) this.#oldHoursWritten += 1;
  }

  /** Finished days whose object is missing or out of date; once nothing is, days that an earlier version wrote. */
  async at(nowMs: number): Promise<string[]> {
    if (this.#oldHoursWritten === 0 && nowMs - this.#allFreshMs < ALL_EVERY_MS)
      return (await staleDays(this.#store, nowMs, 'recent')).stale;
    const noted = this.#oldHoursWritten;
    const { stale, objects } = await staleDays(this.#store, nowMs, 'all');
    if (stale.length > 0) return stale;
    const unseen = objects.filter(object => !this.#seen.has(nameOf(object)));
    if (unseen.length <= READ_AT_A_LOOK) {
      this.#allFreshMs = nowMs;
      this.#oldHoursWritten -= noted;
    }
    return this.#older(unseen.slice(-READ_AT_A_LOOK));
  }

  /** Each version is read once: a day that cannot be written again must not be tried for ever. */
  async #older(objects: readonly ListedObject[]): Promise<string[]> {
    const older = await mapBounded(objects, PARALLEL_READS, async object => {
      const isOlder = await isOlderDay(this.#store, object);
      this.#seen.add(nameOf(object));
      const day = dayOfGoldKey(object.key);
      return isOlder && day !== undefined ? [day] : [];
    });
    return older.flat();
  }
}

function nameOf({ key, etag }: ListedObject): string {
  return `${key} ${etag}`;
}
