/** Loads what a wiki had a week ago: once for a view, and each hour while it moves. Shows nothing itself. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Step } from '../core/steps.ts';
import { isoSeconds } from '../core/time.ts';
import { loadSeries } from './api-client.ts';
import type { Asked, RangeQuery, SeriesAnswer } from './api-client.ts';
import type { Model } from './model.ts';
import { WEEK_SEC, weekAgo } from './overlay.ts';
import type { Overlay } from './overlay.ts';
import { useFeed } from './use-feed.ts';

export interface WeekAgoProps {
  readonly asked: RangeQuery;
  readonly model: Model;
  readonly onOverlay: (overlay: Overlay | undefined) => void;
}

interface Query {
  readonly asked: Asked;
  readonly step: Step;
}

const FEED = {
  load: ({ asked, step }: Query, signal: AbortSignal) => loadSeries(asked, step, signal),
  intervalMs: () => 3_600_000,
  carriesOver: (before: Query, after: Query) =>
    before.asked.wiki === after.asked.wiki && before.step === after.step,
};
const HOUR_SEC = 3_600;

export function WeekAgo({ asked, model, onOverlay }: WeekAgoProps) {
  const { wiki, step } = asked;
  const { from, to } = model.span;
  // A range that moves has the rest of its hour, which was over a week ago.
  const first = Math.floor(from / HOUR_SEC) * HOUR_SEC;
  const last = asked.end === undefined ? Math.ceil(to / HOUR_SEC) * HOUR_SEC : to;
  const query = useMemo(
    (): Query => ({
      asked: { wiki, from: isoSeconds(first - WEEK_SEC), to: isoSeconds(last - WEEK_SEC) },
      step,
    }),
    [wiki, step, first, last],
  );
  const { state } = useFeed<Query, SeriesAnswer>(query, FEED, false);
  const answer = state.kind === 'idle' ? undefined : state.answer?.value;
  const overlay = useMemo(() => answer && weekAgo(answer, model.data.x), [answer, model]);
  useEffect(() => onOverlay(overlay), [overlay]);
  useEffect(() => () => onOverlay(undefined), []);
  return null;
}
