/** What is known of a minute of a wiki, and why. Serialised by the API: names never change. */
import type { GapCause } from '../gaps.ts';

/**
 * `unread`: nobody looked. `gap`: the source lost events; a count is a lower bound. `pending`: read, but not all of it is
 * in gold yet. `provisional`: all of it is in gold; the hour may still be corrected. `final`: nothing is expected any more.
 */
export type Standing =
  | {
      readonly state: 'unread';
      /**
       * `retention`: gold has deleted what it had. `filter`: the stream was read, without this wiki. `not_yet`: after all
       * that was read. `never`: before or between what was read.
       */
      readonly reason: 'retention' | 'filter' | 'not_yet' | 'never';
    }
  /** The cause of the gap that begins first. */
  | { readonly state: 'gap'; readonly reason: GapCause }
  /** `live`: by the live feed. `parts`: a part of this or an earlier record is not in gold. */
  | { readonly state: 'pending'; readonly reason: 'live' | 'parts' }
  /**
   * `open`: the hour has not ended. `partly`: some of the hour is not read, or not in gold. `not_rebuilt`: since its end.
   * `added`: something was added after the last rebuild.
   */
  | { readonly state: 'provisional'; readonly reason: 'open' | 'partly' | 'not_rebuilt' | 'added' }
  | { readonly state: 'final'; readonly reason: 'rebuilt' };

export type State = Standing['state'];

/** A letter for each, where there are many. */
export const STATE_LETTERS = {
  final: 'f',
  provisional: 'p',
  pending: 'n',
  gap: 'g',
  unread: 'u',
} as const satisfies Record<State, string>;

/** Whether a minute without a row had no edits. */
export function isCounted(state: State): boolean {
  return state === 'final' || state === 'provisional' || state === 'pending';
}

/** The worst minute decides a bucket. Where nobody looked, or events were lost, a minute without a row is not 0. */
const WORST_FIRST = ['unread', 'gap', 'pending', 'provisional', 'final'] as const satisfies readonly State[];

/** The worse of two states. */
export function worseOf(a: State, b: State): State {
  return WORST_FIRST.indexOf(a) <= WORST_FIRST.indexOf(b) ? a : b;
}
