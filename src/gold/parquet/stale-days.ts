/**
 * Which days to compact, asked every few minutes for as long as a worker runs. Listing all of gold takes a request per
 * thousand objects, so most looks list the recent days only. All of gold is listed seldom, until nothing is stale, and
 * after this process has changed an hour that is not recent. A day that waits meanwhile costs readers a few requests:
 * they read its hours.
 */
import { DAY_MS, HOUR_MS } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { VersionedStore } from '../../store/object-store.ts';
import { RECENT_MS, staleDays } from './day-object.ts';

/** Another process may have repaired old hours. */
const ALL_EVERY_MS = 6 * HOUR_MS;

export class StaleDays {
  readonly #store: Pick<VersionedStore, 'listObjects'>;
  /** When all of gold was listed and nothing was stale. */
  #allFreshMs = -Infinity;
  #oldHoursWritten = 0;

  constructor(store: Pick<VersionedStore, 'listObjects'>) {
    this.#store = store;
  }

  /** Called after each write of an hour. */
  hourWritten(hour: Hour, nowMs: number): void {
    if (Date.parse(`${hour}:00:00Z`) < nowMs - RECENT_MS + DAY_MS) this.#oldHoursWritten += 1;
  }

  /** Finished days whose object is missing or out of date. */
  async at(nowMs: number): Promise<string[]> {
    if (this.#oldHoursWritten === 0 && nowMs - this.#allFreshMs < ALL_EVERY_MS)
      return staleDays(this.#store, nowMs, 'recent');
    const noted = this.#oldHoursWritten;
    const days = await staleDays(this.#store, nowMs, 'all');
    if (days.length > 0) return days;
    this.#allFreshMs = nowMs;
    this.#oldHoursWritten -= noted;
    return days;
  }
}
