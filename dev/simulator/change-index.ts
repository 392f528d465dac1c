/**
 * The changes of an hour by wiki, in the Action API's order, for the parts of the server that serve single wikis.
 * Guarantee: contains only changes that have arrived. Past hours are cached, up to a bounded number of changes.
 */

import type { Change } from './change.ts';
import { MAX_LATENESS_MS } from './history.ts';
import { rcidOf } from './particulars.ts';
import type { Universe } from './universe.ts';

/** Changes by the database name of their wiki. */
export type HourOfChanges = ReadonlyMap<string, readonly Change[]>;

/** A few hundred megabytes. */
const KEPT_CHANGES = 700_000;
const HOUR = 3600;
const LATE = MAX_LATENESS_MS / 1000;

export class ChangeIndex {
  readonly #universe: Universe;
  readonly #hours = new Map<number, { readonly changes: HourOfChanges; readonly count: number }>();
  #kept = 0;

  constructor(universe: Universe) {
    this.#universe = universe;
  }

  /** Whether an hour is cached. @param hour epoch seconds of its start */
  has(hour: number): boolean {
    return this.#hours.has(hour);
  }

  /** Changes with a `timestamp` in the hour that arrived by `nowMs`. @param hour epoch seconds of its start */
  hour(hour: number, nowMs: number): HourOfChanges {
    const known = this.#hours.get(hour);
    if (known !== undefined) {
      // Evict the least recently used hour first.
      this.#hours.delete(hour);
      this.#hours.set(hour, known);
      return known.changes;
    }
    const changes = new Map<string, Change[]>();
    let count = 0;
    for (let second = hour; second < hour + HOUR + LATE && second * 1000 <= nowMs; second++) {
      for (const change of this.#universe.changesIn(second)) {
        if (change.timestamp < hour || change.timestamp >= hour + HOUR || change.arrivedMs > nowMs) continue;
        const { db } = change.deed.wiki;
        const ofWiki = changes.get(db) ?? [];
        changes.set(db, ofWiki);
        ofWiki.push(change);
        count++;
      }
    }
    for (const ofWiki of changes.values())
      ofWiki.sort((a, b) => a.timestamp - b.timestamp || rcidOf(a) - rcidOf(b));
    if ((hour + HOUR + LATE) * 1000 < nowMs) this.#keep(hour, changes, count);
    return changes;
  }

  #keep(hour: number, changes: HourOfChanges, count: number): void {
    this.#hours.set(hour, { changes, count });
    this.#kept += count;
    for (const [oldest, { count }] of this.#hours) {
      if (this.#kept <= KEPT_CHANGES || oldest === hour) return;
      this.#hours.delete(oldest);
      this.#kept -= count;
    }
  }
}
