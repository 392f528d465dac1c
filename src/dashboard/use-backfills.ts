/** Backfilled ranges within the minutes shown. */
import type { Backfills, LastMinutes, RangeQuery } from './api-client.ts';
import { loadBackfills } from './api-client.ts';
import { useFeed } from './use-feed.ts';

const FEED = {
  load: loadBackfills,
  intervalMs: () => 60_000,
  carriesOver: (before: LastMinutes, query: LastMinutes) => before.wiki === query.wiki,
};

/** @param asked the query for edits. @returns undefined until there is an answer */
export function useBackfills(asked: RangeQuery | undefined): Backfills | undefined {
  const { state } = useFeed(asked && { wiki: asked.wiki, minutes: asked.within }, FEED);
  return state.kind === 'idle' ? undefined : state.answer?.value;
}
