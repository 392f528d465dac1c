/** The gaps that belong to an answer of edits, and whether they are known. */
import { useEffect } from 'preact/hooks';
import type { Edits } from '../api/schemas/edits.ts';
import type { Gaps } from '../api/schemas/gaps.ts';
import { loadGaps } from './api-client.ts';
import type { EditsQuery } from './api-client.ts';
import { useFeed } from './use-feed.ts';

const FEED = {
  load: loadGaps,
  // Seldom: a gap is found when reading goes on, and the first edits after it ask at once, see below.
  intervalMs: () => 30_000,
  // Gaps are few: those of the range before are true of this one too. What a backfill has closed differs by wiki.
  carriesOver: (before: EditsQuery, query: EditsQuery) => before.wiki === query.wiki,
};
const NONE: Gaps = [];

export interface KnownGaps {
  readonly gaps: Gaps;
  /** Known for all the minutes of the answer, or known not to be found out now. */
  readonly settled: boolean;
  /** The API does not say. */
  readonly unknown: boolean;
  /** Asks now. */
  readonly retry: () => void;
}

/** @param asked what is asked of the edits. @param answer what is known of them. */
export function useGaps(
  asked: EditsQuery | undefined,
  answer: { readonly query: EditsQuery; readonly value: Edits } | undefined,
): KnownGaps {
  const feed = useFeed(asked && { wiki: asked.wiki, minutes: asked.minutes }, FEED);
  const newest = answer?.value.at(-1)?.ts;
  useEffect(() => feed.retry(), [newest]);

  const { state } = feed;
  const known = state.kind === 'idle' ? undefined : state.answer;
  // Of a longer range edits may come before gaps.
  const reaches =
    known !== undefined &&
    known.query.minutes >= (answer?.query.minutes ?? 0) &&
    (answer === undefined || known.query.wiki === answer.query.wiki);
  const failing = state.kind === 'failing';
  return {
    gaps: known?.value ?? NONE,
    settled: reaches || failing,
    unknown: failing && !reaches,
    retry: () => feed.retry(),
  };
}
