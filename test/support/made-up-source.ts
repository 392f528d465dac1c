import type { FeedStatus, LiveCounts, LiveSource } from '../../src/contracts/live-source.ts';

/** What the API shows, set by the test, which also decides when a second has passed. */
export class MadeUpSource implements LiveSource {
  feed: FeedStatus;
  readonly #counts = new Map<string, LiveCounts>();
  readonly #watchers = new Set<() => void>();

  /** @param newestMs when the newest event was sent */
  constructor(newestMs: number | undefined) {
    this.feed = { kind: 'live', newestMs, read: [] };
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  watch(onTick: () => void): () => void {
    this.#watchers.add(onTick);
    return () => void this.#watchers.delete(onTick);
  }

  counts(wiki: string, minute: number): LiveCounts | undefined {
    return this.#counts.get(`${wiki} ${minute}`) ?? { human: 0, bot: 0, bytes: 0 };
  }

  set(wiki: string, minute: number, human: number, bot = 0): void {
    this.#counts.set(`${wiki} ${minute}`, { human, bot, bytes: 0 });
  }

  tick(): void {
    for (const onTick of this.#watchers) onTick();
  }
}
