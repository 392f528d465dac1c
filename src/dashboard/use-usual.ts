/** What is usual of the range that is shown: asked once for a view, and again each hour while it moves. */
import { useMemo } from 'preact/hooks';
import type { Step } from '../core/steps.ts';
import { ApiProblem, loadExpectation } from './api-client.ts';
import type { Asked, RangeQuery } from './api-client.ts';
import { rangeAsked } from './range.ts';
import { useFeed } from './use-feed.ts';
import { usualOf } from './usual.ts';
import type { Usual } from './usual.ts';

interface Query {
  readonly asked: Asked;
  readonly step: Step;
  /** Of a range that moves: the hour since the epoch for which is asked. */
  readonly hour: number | undefined;
}

const FEED = {
  load: async ({ asked, step }: Query, signal: AbortSignal): Promise<Usual | undefined> => {
    try {
      return usualOf(await loadExpectation(asked, step, signal));
    } catch (error) {
      // Of a wiki that has no edit yet, nothing is usual.
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  },
  intervalMs: () => 3_600_000,
  carriesOver: (before: Query, after: Query) =>
    before.asked.wiki === after.asked.wiki && before.step === after.step,
};

/** The title compares the last hour, even when the chart shows less. */
const LEAST_MINUTES = 75;

/** @param shownTo end of the chart, epoch seconds; undefined while there is none: the chart is what a reader waits for */
export function useUsual(range: RangeQuery | undefined, shownTo: number | undefined): Usual | undefined {
  const isLive = range?.end === undefined;
  const hour = shownTo === undefined || !isLive ? undefined : Math.floor((shownTo - 60) / 3_600);
  const hasChart = shownTo !== undefined;
  const query = useMemo((): Query | undefined => {
    if (range === undefined || !hasChart) return undefined;
    const minutes = isLive ? Math.max(range.minutes, LEAST_MINUTES) : range.minutes;
    return { asked: rangeAsked({ ...range, minutes }), step: range.step, hour };
  }, [range, hasChart, hour]);
  const { state } = useFeed(query, FEED, false);
  return state.kind === 'idle' ? undefined : state.answer?.value;
}
