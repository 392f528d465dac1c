/** What is unusual about a wiki, or about all of them. The worker looks every five minutes, and so does the page. */
import type { AnomaliesQuery, Anomaly } from './insight-client.ts';
import { loadAnomalies } from './insight-client.ts';
import type { PollState } from './poller.ts';
import { useFeed } from './use-feed.ts';

const FEED = {
  load: loadAnomalies,
  intervalMs: () => 300_000,
  carriesOver: (before: AnomaliesQuery, after: AnomaliesQuery) => before.wiki === after.wiki,
};

/** @param query undefined: nothing is asked. @param repeats false: of a range that does not move */
export function useAnomalies(
  query: AnomaliesQuery | undefined,
  repeats = true,
): PollState<AnomaliesQuery, readonly Anomaly[]> {
  return useFeed<AnomaliesQuery, readonly Anomaly[]>(query, FEED, repeats).state;
}
