/**
 * Invariant 2 at intake: has this event been stored already? The answer is exact as far back as the log reaches, and
 * memory is bounded: identities are cached by the minute in which their event was sent, the least recently used minutes
 * are evicted, and an evicted minute is loaded again from the parts that the log names for it.
 */
import { holdsMinute } from '../core/minute-ranges.ts';
import type { CommitRecord, StoredEvents } from '../contracts/storage/log-record.ts';
import type { CommitLog } from './commit-log.ts';
import type { Identity } from './parts.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';

/** Reads the identities in one stored object. */
export type ReadIdentities = (stored: StoredEvents) => Promise<readonly Identity[]>;

/** Reads the identities of events sent in a minute (epoch seconds) that backfills have stored. */
export type ReadForeign = (minute: number) => Promise<readonly Identity[]>;

/** About 40 MB; two hours of the stream. */
export const MAX_IDENTITIES = 300_000;

export class SeenEvents {
  readonly #log: CommitLog;
  readonly #read: ReadIdentities;
  readonly #readForeign: ReadForeign;
  readonly #persistence: Persistence;
  readonly #limit: number;
  /** Accepted but not committed: no part has them yet, so they must not be evicted. */
  readonly #pending = new Set<string>();
  /** Committed identities, in the minutes of `#minutes`. */
  readonly #known = new Set<string>();
  /** Identities by minute, least recently used first. */
  readonly #minutes = new Map<number, string[]>();
  /** Minutes whose committed identities are all in memory. */
  readonly #complete = new Set<number>();
  /** Stored objects whose identities are all in memory. */
  readonly #loaded = new Map<string, StoredEvents>();
  #inUse: number | undefined;

  constructor(
    log: CommitLog,
    read: ReadIdentities,
    persistence: Persistence,
    limit = MAX_IDENTITIES,
    readForeign: ReadForeign = async () => [],
  ) {
    this.#log = log;
    this.#read = read;
    this.#readForeign = readForeign;
    this.#persistence = persistence;
    this.#limit = limit;
  }

  /** Whether the event was accepted before; undefined when `recall` must load its minute first. */
  has({ identity, minute }: Identity): boolean | undefined {
    if (this.#pending.has(identity) || this.#known.has(identity)) return true;
    return this.#complete.has(minute) ? false : undefined;
  }

  /** Loads the committed identities of a minute into memory. */
  async recall(minute: number): Promise<void> {
    // Protected from eviction while it loads: a flush may be committed meanwhile.
    this.#inUse = minute;
    for await (const record of this.#log.backwards(this.#persistence)) {
      // This record and all older ones stored only events sent before the minute.
      if (record.storedToMs < minute * 1000) break;
      if (record.kind !== 'commit') continue;
      for (const stored of storedBy(record)) {
        if (!holdsMinute(stored.sent, minute) || this.#loaded.has(stored.key)) continue;
        const identities = await persistently(() => this.#read(stored), this.#persistence);
        for (const known of identities) this.#remember(known);
        this.#loaded.set(stored.key, stored);
      }
    }
    for (const known of await persistently(() => this.#readForeign(minute), this.#persistence))
      this.#remember(known);
    this.#touch(minute);
    this.#complete.add(minute);
    this.#evict();
  }

  /** Notes an event that was accepted into the buffer. */
  add(identity: string): void {
    this.#pending.add(identity);
  }

  /** Notes that the events of a flush are committed. */
  committed(record: CommitRecord, identities: readonly Identity[]): void {
    for (const known of identities) {
      this.#pending.delete(known.identity);
      this.#remember(known);
    }
    for (const stored of storedBy(record)) this.#loaded.set(stored.key, stored);
    this.#evict();
  }

  #remember({ identity, minute }: Identity): void {
    this.#known.add(identity);
    this.#touch(minute).push(identity);
  }

  #touch(minute: number): string[] {
    const identities = this.#minutes.get(minute) ?? [];
    this.#minutes.delete(minute);
    this.#minutes.set(minute, identities);
    return identities;
  }

  /** Evicts least recently used minutes down to the limit, but never the one in use. */
  #evict(): void {
    for (const [minute, identities] of this.#minutes) {
      if (this.#known.size <= this.#limit) return;
      if (minute === this.#inUse) continue;
      for (const identity of identities) this.#known.delete(identity);
      this.#minutes.delete(minute);
      this.#complete.delete(minute);
      for (const [key, stored] of this.#loaded)
        if (holdsMinute(stored.sent, minute)) this.#loaded.delete(key);
    }
  }
}

function storedBy(record: CommitRecord): readonly StoredEvents[] {
  return [...record.parts, ...record.deadLetters];
}
