/** The gaps that belong to a response of edits, and whether they are known. */
import { useEffect } from 'preact/hooks';
import type { Gaps, LastMinutes, RangeQuery } from './api-client.ts';
import type { Minutes } from './load-minutes.ts';
import { loadGaps } from './api-client.ts';
import { useFeed } from './use-feed.ts';

const FEED = {
  load: loadGaps,
  // Rarely: a gap is found when reading resumes, and the first edits after it trigger a request (see below).
  intervalMs: () => 30_000,
  // Gaps of the previous range still hold. What a backfill has closed differs by wiki.
  carriesOver: (before: LastMinutes, query: LastMinutes) => before.wiki === query.wiki,
};
const NONE: Gaps = [];

export interface KnownGaps {
  readonly gaps: Gaps;
  /** Whether the gaps of all minutes of the response are known, or the request for them failed. */
  readonly settled: boolean;
  /** The request failed. */
  readonly unknown: boolean;
  /** Requests now. */
  readonly retry: () => void;
}

/** @param asked the query for edits. @param answer the latest response to it. @param repeats nothing else tells of a gap */
export function useGaps(
  asked: RangeQuery | undefined,
  answer: { readonly query: RangeQuery; readonly value: Minutes } | undefined,
  repeats: boolean,
): KnownGaps {
  const feed = useFeed(asked && { wiki: asked.wiki, minutes: asked.within }, FEED, repeats);
  const newest = answer?.value.rows.at(-1)?.ts;
  useEffect(() => feed.retry(), [newest]);

  const { state } = feed;
  const known = state.kind === 'idle' ? undefined : state.answer;
  // After switching to a longer range, edits may arrive before the gaps.
  const reaches =
    known !== undefined &&
    known.query.minutes >= (answer?.query.within ?? 0) &&
    (answer === undefined || known.query.wiki === answer.query.wiki);
  const failing = state.kind === 'failing';
  return {
    gaps: known?.value ?? NONE,
    settled: reaches || failing,
    unknown: failing && !reaches,
    retry: () => feed.retry(),
  };
}
