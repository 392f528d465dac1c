/**
 * The part of a run of ingest that feeds the live feed: its parts until gold has them, and those that earlier attempts
 * left behind.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openPart } from '../bronze/parts.ts';
import { messageOf } from '../contracts/errors.ts';
import type { LiveAttempt, LiveFrame, LivePart, LivePort, LiveRun } from '../contracts/live-frame.ts';
import type { PartEntry } from '../contracts/storage/log-record.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { countMinutes } from '../core/minute-counts.ts';
import type { Counting } from '../core/minute-counts.ts';
import { partitionName, positionsOf } from '../core/stream-cursor.ts';
import { HOUR_MS, hourOf } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { persistently } from '../store/persistently.ts';
import type { LiveFeed } from './feed.ts';
import { LiveParts } from './parts.ts';
import type { StoredRows } from './parts.ts';

/** Earlier hours are not shown minute by minute as they come. */
const SHOWN_MS = 2 * HOUR_MS;
const ASK_GOLD_MS = 5_000;
const PARALLEL_READS = 4;
/** Beyond this many, rows are not read again. */
const MOST_READ = 50;

export interface PublisherDeps {
  /** Where APIs can read the feed. */
  readonly address: string;
  readonly feed: LiveFeed;
  readonly counting: Counting;
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'unapplied'>;
  readonly logger: { warn(message: string): void };
}

/** Publishes each run of ingest to the feed. */
export function livePort(deps: PublisherDeps): LivePort {
  const { address, counting } = deps;
  return { address, newFold: counting.newFold, begin: attempt => new Publisher(deps, attempt) };
}

class Publisher implements LiveRun {
  readonly #deps: PublisherDeps;
  readonly #of: LiveAttempt;
  readonly #parts: LiveParts;
  readonly #ended = new AbortController();
  readonly #endFeed: () => void;

  constructor(deps: PublisherDeps, attempt: LiveAttempt) {
    this.#deps = deps;
    this.#of = attempt;
    this.#parts = new LiveParts(attempt.attempt, attempt.log.fence);
    this.#endFeed = deps.feed.begin(() => this.#frame());
    void this.#followGold();
  }

  committed(parts: readonly Pick<PartEntry, 'key'>[], open: readonly LivePart[]): void {
    const rows = new Map(open.map(part => [part.key, part.rows]));
    this.#parts.stored(parts.map(({ key }) => ({ key, rows: rows.get(key) ?? [] })));
  }

  end(): void {
    this.#endFeed();
    this.#ended.abort();
  }

  #frame(): LiveFrame {
    const { log, reading } = this.#of;
    const { open, cursor, readToMs, wikis } = reading();
    const committedMs = log.tail.readTo === undefined ? undefined : Date.parse(log.tail.readTo);
    const positions = positionsOf(cursor).map(place => [partitionName(place), place.timestampMs] as const);
    return this.#parts.frame(open, {
      positions: Object.fromEntries(positions),
      ...(readToMs !== undefined && { readFromMs: Math.min(readToMs, committedMs ?? readToMs), readToMs }),
      ...(wikis.size > 0 && { wikis: [...wikis].sort() }),
    });
  }

  async #followGold(): Promise<void> {
    const { signal } = this.#ended;
    try {
      this.#parts.listed(await this.#leftBehind());
      for (;;) {
        await this.#askGold();
        await sleep(ASK_GOLD_MS, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) this.#deps.logger.warn(`the live feed does not follow gold: ${messageOf(error)}`);
    }
  }

  /** What earlier attempts have committed and gold lacks. */
  async #leftBehind(): Promise<StoredRows[]> {
    const { gold, store, counting } = this.#deps;
    const { log } = this.#of;
    const waiting = { signal: this.#ended.signal, waitsForRepair: true };
    const sinceMs = Date.now() - SHOWN_MS;
    const keys: string[] = [];
    for await (const record of log.backwards(waiting)) {
      if (record.sequence >= log.fence || record.kind === 'fence') continue;
      if (record.storedToMs < sinceMs) break;
      keys.push(...record.parts.filter(({ hour }) => hour >= hourOf(sinceMs / 1000)).map(({ key }) => key));
    }
    if (keys.length === 0) return [];
    const lacking = await persistently(() => gold.unapplied(keys), waiting);
    const worthReading = new Set(lacking.slice(0, MOST_READ));
    return mapBounded(lacking, PARALLEL_READS, async (key): Promise<StoredRows> => {
      if (!worthReading.has(key)) return { key };
      const count = async () => countMinutes((await openPart(store, key)).chunks, counting);
      return { key, rows: (await persistently(count, waiting)).rows };
    });
  }

  async #askGold(): Promise<void> {
    const asked = this.#parts.waiting;
    const lacking =
      asked.length === 0 ? [] : await this.#deps.gold.unapplied(asked).catch((): readonly string[] => asked);
    // Also without a question: parts that gold has had for a while go.
    this.#parts.answered(asked, lacking, performance.now());
  }
}
