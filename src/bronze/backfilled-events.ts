/**
 * Invariant 2 between ingest and backfills: which events of the stream has a backfill stored that ingest now meets?
 * Asked an hour at a time, and kept for the few hours that ingest is in. What a backfill stores of an hour after ingest
 * has asked for it is in bronze twice then; gold counts it once.
 */
import { backfillSourceOf, hourPrefix } from '../contracts/storage/object-keys.ts';
import { hourOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { identitiesIn } from './parts.ts';
import type { Identity } from './parts.ts';
import { listKeys } from '../store/list-keys.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Nearly all events are sent within the hour of their event time or a quarter of an hour after it. */
const LATE_MS = 20 * 60_000;
const KEPT_HOURS = 4;

export class BackfilledEvents {
  readonly #store: ObjectStore;
  readonly #hours = new Map<Hour, ReadonlyMap<number, readonly Identity[]>>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Events that a backfill has stored and that were sent in a minute (epoch seconds). */
  async sentIn(minute: number): Promise<Identity[]> {
    const hours = new Set([hourOf(minute - LATE_MS / 1000), hourOf(minute)]);
    const found: Identity[] = [];
    for (const hour of hours) found.push(...((await this.#hour(hour)).get(minute) ?? []));
    return found;
  }

  async #hour(hour: Hour): Promise<ReadonlyMap<number, readonly Identity[]>> {
    const known = this.#hours.get(hour);
    if (known !== undefined) return known;
    const minutes = new Map<number, Identity[]>();
    for (const key of await listKeys(this.#store, hourPrefix(hour))) {
      if (backfillSourceOf(key) !== 'stream') continue;
      for (const identity of await identitiesIn(this.#store, key)) {
        const ofMinute = minutes.get(identity.minute) ?? [];
        minutes.set(identity.minute, ofMinute);
        ofMinute.push(identity);
      }
    }
    this.#hours.set(hour, minutes);
    const [oldest] = this.#hours.keys();
    if (this.#hours.size > KEPT_HOURS && oldest !== undefined) this.#hours.delete(oldest);
    return minutes;
  }
}
