/** What an API shows of the newest minutes, while anybody watches: the feed, and gold where it may have changed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../contracts/errors.ts';
import type { FeedStatus, LiveCounts, LiveSource } from '../contracts/live-source.ts';
import { HOUR_MS, hourOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import type { GoldReader } from '../gold/gold-store.ts';
import { feedTroubleText } from './feed-trouble.ts';
import type { FeedTrouble } from './feed-trouble.ts';
import { SILENCE_MS, followFeed } from './follow.ts';
import { LiveView } from './view.ts';

/** Of the newest minutes. */
const SHOWN_MS = HOUR_MS;
/** A tick follows each frame at once, but not sooner than this after the one before. */
const LEAST_GAP_MS = 500;
/** Without a frame: longer than a frame takes, or the frame that is about to come would wait for the tick after. */
const MOST_GAP_MS = 1_500;
/** How long the first tick waits for the first frame, which is on its way. */
const FIRST_FRAME_MS = 1_500;
/** How long a tick waits for gold. */
const GOLD_MS = 300;
/** While the feed is lost, a warning comes this often. */
const WARN_MS = 60_000;
/** How often gold is asked whether anything has changed that the feed does not tell of, such as a rebuild. */
const LOOK_MS = { postgres: 2_000, s3: 30_000 } as const;

export interface LiveSourceDeps {
  readonly gold: Pick<GoldReader, 'kind' | 'contents' | 'versions' | 'told'>;
  /** Address of the feed; undefined while it is unknown. Never rejects. */
  readonly findFeed: () => Promise<string | undefined>;
  readonly logger: Record<'info' | 'warn', (message: string) => void>;
  readonly now?: () => number;
  /** How long a tick waits for a frame. */
  readonly mostGapMs?: number;
  /** The feed is lost when nothing has come for this long. */
  readonly silenceMs?: number;
}

export function liveSource(deps: LiveSourceDeps): LiveSource {
  return new FollowedSource(deps);
}

class FollowedSource implements LiveSource {
  readonly #deps: LiveSourceDeps;
  readonly #now: () => number;
  readonly #silenceMs: number;
  readonly #watchers = new Set<() => void>();
  #view = new LiveView();
  #following: AbortController | undefined;
  #lookedMs = -Infinity;
  #versions = new Map<Hour, string>();
  #toldChanges = 0;
  #isGoldAway = false;
  #reading: Promise<unknown> | undefined;
  #begunMs = -Infinity;
  /** Ends the wait for a frame. */
  #onFrame: (() => void) | undefined;
  #trouble: FeedTrouble = { kind: 'unknown' };
  /** When the log said last that the feed is lost; undefined while it is not. */
  #warnedMs: number | undefined;

  constructor(deps: LiveSourceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
    this.#silenceMs = deps.silenceMs ?? SILENCE_MS;
  }

  watch(onTick: () => void): () => void {
    this.#watchers.add(onTick);
    if (this.#following === undefined) this.#begin();
    return () => {
      this.#watchers.delete(onTick);
      if (this.#watchers.size > 0) return;
      this.#following?.abort();
      this.#following = undefined;
    };
  }

  counts(wiki: string, minute: number): LiveCounts | undefined {
    return this.#view.counts(wiki, minute, hourOf(minute));
  }

  get feed(): FeedStatus {
    const { positions = {}, readFromMs, readToMs, wikis } = this.#view.feed ?? {};
    const kind = performance.now() - this.#view.heardMs < this.#silenceMs ? 'live' : 'lost';
    const newest = Object.values(positions);
    const hasRead = kind === 'live' && readFromMs !== undefined && readToMs !== undefined;
    return {
      kind,
      newestMs: newest.length === 0 ? undefined : Math.max(...newest),
      read: hasRead ? [{ fromMs: readFromMs, toMs: readToMs, ...(wikis !== undefined && { wikis }) }] : [],
    };
  }

  #begin(): void {
    const following = new AbortController();
    this.#following = following;
    const { signal } = following;
    // What was known has grown old while nobody watched.
    this.#view = new LiveView();
    this.#versions = new Map();
    this.#toldChanges = 0;
    this.#lookedMs = -Infinity;
    this.#begunMs = performance.now();
    const view = this.#view;
    void followFeed({
      find: this.#deps.findFeed,
      onFrame: frame => {
        view.take(frame, performance.now());
        this.#onFrame?.();
      },
      onTrouble: trouble => {
        this.#trouble = trouble;
        this.#onFrame?.();
      },
      silenceMs: this.#silenceMs,
      signal,
    });
    void this.#tick(signal);
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const pause = async (ms: number): Promise<unknown> =>
      sleep(ms, undefined, { signal }).catch(() => undefined);
    let isHeard: Promise<unknown> = Promise.race([this.#nextFrame(), pause(FIRST_FRAME_MS)]);
    while (!signal.aborted) {
      this.#tellGold();
      this.#reading ??= this.#readGold()
        .then(isRead => isRead && (this.#isGoldAway = false))
        .catch((error: unknown) => {
          if (!this.#isGoldAway)
            this.#deps.logger.warn(`the live view cannot read gold: ${messageOf(error)}`);
          this.#isGoldAway = true;
        })
        .finally(() => (this.#reading = undefined));
      // What the feed says is shown also while gold is slow, or away.
      await Promise.all([isHeard, Promise.race([this.#reading, sleep(GOLD_MS)])]);
      if (signal.aborted) return;
      isHeard = Promise.resolve();
      this.#reportFeed();
      // A frame that comes from here on is for the next tick.
      const hasFrame = this.#nextFrame();
      for (const onTick of this.#watchers) onTick();
      await pause(LEAST_GAP_MS);
      const { mostGapMs = MOST_GAP_MS } = this.#deps;
      await Promise.race([hasFrame, pause(mostGapMs - LEAST_GAP_MS)]);
    }
  }

  /** While frames come, what the stream adds to gold is known. */
  #tellGold(): void {
    if (this.feed.kind !== 'live') return;
    const { goldChanges } = this.#view;
    this.#deps.gold.told?.(goldChanges !== this.#toldChanges);
    this.#toldChanges = goldChanges;
  }

  /** Also resolves when there is trouble: then none may come. */
  #nextFrame(): Promise<void> {
    return new Promise(resolve => (this.#onFrame = resolve));
  }

  #reportFeed(): void {
    const { logger } = this.#deps;
    const nowMs = performance.now();
    if (nowMs - Math.max(this.#view.heardMs, this.#begunMs) < this.#silenceMs) {
      if (this.#warnedMs !== undefined && this.feed.kind === 'live') {
        logger.info('the live feed is back');
        this.#warnedMs = undefined;
      }
      return;
    }
    if (this.#warnedMs !== undefined && nowMs - this.#warnedMs < WARN_MS) return;
    this.#warnedMs = nowMs;
    logger.warn(
      `the live feed is lost, showing what has been added to gold: ${feedTroubleText(this.#trouble)}`,
    );
  }

  /** Reads what may have changed. @returns whether there was anything to read */
  async #readGold(): Promise<boolean> {
    const { gold } = this.#deps;
    const nowMs = this.#now();
    const hours = [...new Set([hourOf((nowMs - SHOWN_MS) / 1000), hourOf(nowMs / 1000)])];
    this.#view.forget(hours[0] ?? '', performance.now());
    const stale = new Set(hours.filter(hour => this.#view.isGoldStale(hour)));
    const isDue = performance.now() - this.#lookedMs >= LOOK_MS[gold.kind];
    if (isDue) {
      this.#lookedMs = performance.now();
      const versions = await gold.versions(hours);
      for (const [at, hour] of hours.entries()) {
        const version = versions[at] ?? '';
        if (this.#versions.get(hour) !== version) stale.add(hour);
        this.#versions.set(hour, version);
      }
    }
    for (const hour of stale) {
      const reading = this.#view.readingGold(performance.now());
      const isTaken = this.#view.takeGold(hour, await gold.contents(hour), reading);
      if (!isTaken) this.#versions.delete(hour);
    }
    return isDue || stale.size > 0;
  }
}
