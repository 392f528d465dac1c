/**
 * Invariant 2 on the way in: has this event been stored already? Exact as far back as the log reaches, in bounded
 * memory: identities are kept by the minute in which their event was sent, the least recently used minutes are
 * forgotten, and a minute that is asked for again is read back from the parts that the log names for it.
 */
import { holdsMinute } from '../core/minute-ranges.ts';
import type { CommitRecord, StoredEvents } from '../contracts/storage/log-record.ts';
import type { CommitLog } from './commit-log.ts';
import type { Identity } from './parts.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';

/** Reads the identities that one stored object holds. */
export type ReadIdentities = (stored: StoredEvents) => Promise<readonly Identity[]>;

/** Identities of events sent in a minute (epoch seconds) that are stored by others than the log's writers. */
export type ReadForeign = (minute: number) => Promise<readonly Identity[]>;

/** About 40 MB; two hours of the stream. */
export const MAX_IDENTITIES = 300_000;

export class SeenEvents {
  readonly #log: CommitLog;
  readonly #read: ReadIdentities;
  readonly #readForeign: ReadForeign;
  readonly #persistence: Persistence;
  readonly #limit: number;
  /** Taken in, not committed yet: in no part that could be read back, so never forgotten. */
  readonly #pending = new Set<string>();
  /** Committed identities of the minutes below. */
  readonly #known = new Set<string>();
  /** Identities by minute, least recently used first. */
  readonly #minutes = new Map<number, string[]>();
  /** Minutes of which every committed identity is in memory. */
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

  /** Whether the event was taken in before, or undefined when `recall` has to look its minute up first. */
  has({ identity, minute }: Identity): boolean | undefined {
    if (this.#pending.has(identity) || this.#known.has(identity)) return true;
    return this.#complete.has(minute) ? false : undefined;
  }

  /** Brings the committed identities of a minute into memory. */
  async recall(minute: number): Promise<void> {
    // Not to be forgotten while it is read back: a flush may be committed meanwhile.
    this.#inUse = minute;
    for await (const record of this.#log.backwards(this.#persistence)) {
      // Nothing that this record or an older one stored was sent in the minute or later.
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
    this.#forget();
  }

  /** Notes an event that was taken into the buffer. */
  add(identity: string): void {
    this.#pending.add(identity);
  }

  /** Notes that what a flush took in is committed. */
  committed(record: CommitRecord, identities: readonly Identity[]): void {
    for (const known of identities) {
      this.#pending.delete(known.identity);
      this.#remember(known);
    }
    for (const stored of storedBy(record)) this.#loaded.set(stored.key, stored);
    this.#forget();
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

  /** Drops least recently used minutes down to the limit, but never the one in use. */
  #forget(): void {
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
