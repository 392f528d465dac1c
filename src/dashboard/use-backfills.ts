/** Backfilled ranges within the minutes shown. */
import type { Backfills, LastMinutes, RangeQuery } from './api-client.ts';
import { loadBackfills } from './api-client.ts';
import type { Feed } from './use-feed.ts';
import { useFeed } from './use-feed.ts';

const FEED = {
  load: loadBackfills,
  intervalMs: () => 60_000,
  carriesOver: (before: LastMinutes, query: LastMinutes) => before.wiki === query.wiki,
};

/**
 * @param asked the query for edits
 * @param repeats nothing else tells of a backfill
 * @returns undefined until there is an answer
 */
export function useBackfills(
  asked: RangeQuery | undefined,
  repeats: boolean,
): Pick<Feed<LastMinutes, Backfills>, 'retry'> & { readonly backfills: Backfills | undefined } {
  const feed = useFeed(asked && { wiki: asked.wiki, minutes: asked.within }, FEED, repeats);
  const { state } = feed;
  return {
    backfills: state.kind === 'idle' ? undefined : state.answer?.value,
    retry: () => feed.retry(),
  };
}
