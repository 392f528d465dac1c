/**
 * ⑥ Changes hours of gold in S3: reads an hour, decides, and replaces exactly the version that was read. If another
 * writer replaced it first, reads and decides again, so that a key counts once no matter which process applies it
 * (invariant 5). Changes that wait for the same hour are written together.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../core/backoff.ts';
import { goldHourKey } from '../../contracts/storage/object-keys.ts';
import type { Hour } from '../../core/time.ts';
import type { VersionedStore } from '../../store/object-store.ts';
import { contended, readHour, writeHour } from './hour-object.ts';
import type { HourVersion } from './hour-object.ts';
import type { Decision, GoldHour } from './hour-state.ts';

/** Hours kept in memory as last written: while this is an hour's only writer, adding to it takes one request. */
const KEPT_HOURS = 8;
const MAX_TRIES = 40;
const BACKOFF = { baseMs: 20, maxMs: 1_000 };

interface Change {
  readonly decide: (current: GoldHour) => Decision<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class HourWriter {
  readonly #store: VersionedStore;
  readonly #onWritten: (hour: Hour) => void;
  readonly #waiting = new Map<Hour, Change[]>();
  readonly #kept = new Map<Hour, HourVersion>();

  /** @param onWritten called after each write */
  constructor(store: VersionedStore, onWritten: (hour: Hour) => void) {
    this.#store = store;
    this.#onWritten = onWritten;
  }

  /** Reads an hour. */
  async read(hour: Hour): Promise<GoldHour> {
    return (await readHour(this.#store, hour)).hour;
  }

  /**
   * Changes an hour. `decide` is pure; it may be called again with a later version.
   * @throws PipelineError; repeating the change is safe after any failure, because of the ledger
   */
  async change<T>(hour: Hour, decide: (current: GoldHour) => Decision<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const change: Change = { decide, resolve: answer => resolve(answer as T), reject };
      const waiting = this.#waiting.get(hour);
      if (waiting === undefined) {
        this.#waiting.set(hour, [change]);
        void this.#writeAll(hour);
      } else waiting.push(change);
    });
  }

  /** Writes until nothing waits: changes that arrive during a write go into the next one. */
  async #writeAll(hour: Hour): Promise<void> {
    for (;;) {
      const changes = this.#waiting.get(hour)?.splice(0) ?? [];
      if (changes.length === 0) break;
      try {
        const answers = await this.#write(hour, changes);
        for (const [at, { resolve }] of changes.entries()) resolve(answers[at]);
      } catch (error) {
        this.#kept.delete(hour);
        for (const { reject } of changes) reject(error);
      }
    }
    this.#waiting.delete(hour);
  }

  async #write(hour: Hour, changes: readonly Change[]): Promise<unknown[]> {
    const key = goldHourKey(hour);
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const kept = this.#kept.get(hour);
      const { etag, hour: current } = kept ?? (await readHour(this.#store, hour));
      let next = current;
      const answers = changes.map(({ decide }) => {
        const decision = decide(next);
        next = decision.next ?? next;
        return decision.answer;
      });
      if (next !== current) {
        const written = await writeHour(this.#store, hour, etag, next);
        if (written !== undefined) {
          this.#keep(hour, { etag: written, hour: next });
          this.#onWritten(hour);
          return answers;
        }
      } else if (kept === undefined) return answers;
      // Another writer was faster, or the kept version needs no change but the object may have been deleted.
      this.#kept.delete(hour);
      if (kept === undefined) await sleep(backoffMs(BACKOFF, tries, Math.random()));
    }
    throw contended(key, MAX_TRIES);
  }

  #keep(hour: Hour, version: HourVersion): void {
    this.#kept.delete(hour);
    this.#kept.set(hour, version);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_HOURS && oldest !== undefined) this.#kept.delete(oldest);
  }
}
