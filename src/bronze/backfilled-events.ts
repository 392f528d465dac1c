/**
 * Invariant 2 between ingest and backfills: the stream events that a backfill stored before ingest received them.
 * Loaded per hour and cached for the few hours that ingest works on. If a backfill stores events of an hour after that,
 * they end up in bronze twice; gold counts them once.
 */
import { PipelineError } from '../contracts/errors.ts';
import { backfillSourceOf, hourPrefix } from '../contracts/storage/object-keys.ts';
import { hourOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { identitiesIn } from './parts.ts';
import type { Identity } from './parts.ts';
import { listKeys } from '../store/list-keys.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Nearly all events are sent within their hour or a quarter of an hour later. */
const LATE_MS = 20 * 60_000;
const CACHED_HOURS = 4;

export class BackfilledEvents {
  readonly #store: ObjectStore;
  readonly #hours = new Map<Hour, ReadonlyMap<number, readonly Identity[]>>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Events stored by backfills that were sent in a minute (epoch seconds). */
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
      for (const identity of await this.#identitiesIn(key)) {
        const ofMinute = minutes.get(identity.minute) ?? [];
        minutes.set(identity.minute, ofMinute);
        ofMinute.push(identity);
      }
    }
    this.#hours.set(hour, minutes);
    const [oldest] = this.#hours.keys();
    if (this.#hours.size > CACHED_HOURS && oldest !== undefined) this.#hours.delete(oldest);
    return minutes;
  }

  /** None of a damaged part: its events may then be stored twice, and still count once. */
  async #identitiesIn(key: string): Promise<readonly Identity[]> {
    try {
      return await identitiesIn(this.#store, key);
    } catch (error) {
      const code = error instanceof PipelineError ? error.code : undefined;
      if (code === 'object_unreadable' || code === 'object_missing') return [];
      throw error;
    }
  }
}
