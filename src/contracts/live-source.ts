/** What an API shows of the newest minutes: gold, and what the live feed has beyond it. */
import type { ReadRange } from '../core/coverage/read-ranges.ts';

/** Of a wiki, or of all of them, and a minute. */
export interface LiveCounts {
  readonly human: number;
  readonly bot: number;
  readonly bytes: number;
}

export interface FeedStatus {
  /** `lost`: for some seconds nothing has come, and what is shown is gold alone, apart from what was heard before. */
  readonly kind: 'live' | 'lost';
  /** When the newest event was sent that the feed has shown, epoch ms; undefined before the first. */
  readonly newestMs: number | undefined;
  /** What the feed has read beyond the records of gold. */
  readonly read: readonly ReadRange[];
}

export interface LiveSource {
  /** Follows feed and gold as long as anybody watches; calls back when the feed has said something, about once a second. @returns ends it */
  watch(onTick: () => void): () => void;
  /** The minute that begins at an epoch second; undefined while it is not known. */
  counts(wiki: string, minute: number): LiveCounts | undefined;
  readonly feed: FeedStatus;
}
