/** Loads the wikis that the one of the page is compared with, and follows them with it. Shows nothing itself. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { loadSeries, loadWikiRows } from './api-client.ts';
import type { RangeQuery } from './api-client.ts';
import { pollIntervalMs } from './poll-interval.ts';
import { loadBuckets } from './load-buckets.ts';
import { loadKnowledge } from './load-knowledge.ts';
import type { Live } from './live-minutes.ts';
import { createMinutesLoader, rowsOf } from './load-minutes.ts';
import type { Minutes } from './load-minutes.ts';
import { buildModel } from './model.ts';
import type { Model } from './model.ts';
import { indexed, ratesOf } from './overlay.ts';
import type { ComparedLine, Overlay } from './overlay.ts';
import { useFeed } from './use-feed.ts';
import type { View } from './url-state.ts';
import { withLive } from './with-live.ts';

export interface ComparedWikisProps {
  readonly view: View;
  /** The wiki of the page. */
  readonly name: string;
  readonly asked: RangeQuery;
  readonly model: Model;
  /** When the counts of the page were last asked for, epoch ms: then these are asked for too. */
  readonly askedAtMs: number;
  /** Nothing tells what changes. */
  readonly polls: boolean;
  /** What was told of each of them. */
  readonly told: ReadonlyMap<string, Live>;
  /** When the page was last told anything, epoch ms of the server; undefined: it listens. */
  readonly endedMs: number | undefined;
  /** Server clock minus ours. */
  readonly skewMs: number;
  readonly onOverlay: (overlay: Overlay | undefined) => void;
}

interface Query {
  readonly wikis: readonly string[];
  readonly range: RangeQuery;
}
type Answers = ReadonlyMap<string, Minutes>;

type Loader = ReturnType<typeof createMinutesLoader>;

/** A loader keeps what it knows of its wiki. */
function createLoaders(): (wiki: string) => Loader {
  const loaders = new Map<string, Loader>();
  return wiki => {
    const known = loaders.get(wiki);
    if (known !== undefined) return known;
    const loader = createMinutesLoader({
      loadBuckets,
      loadRows: async (asked, signal) => rowsOf(await loadSeries(asked, '1m', signal)),
      loadKnowledge,
      keepMs: ({ minutes }) => Math.max(pollIntervalMs(minutes), 10_000),
      nowMs: Date.now,
    });
    loaders.set(wiki, loader);
    return loader;
  };
}

const loaderOf = createLoaders();

const FEED = {
  load: async ({ wikis, range }: Query, signal: AbortSignal): Promise<Answers> => {
    const answers = await Promise.all(
      wikis.map(async wiki => [wiki, await loaderOf(wiki)({ ...range, wiki }, signal)] as const),
    );
    return new Map(answers);
  },
  intervalMs: ({ range }: Query) => pollIntervalMs(range.minutes),
  carriesOver: (before: Query, after: Query) => before.range.step === after.range.step,
};

/** `enwiki` is also a part of other names. */
const NAMES_ASKED = 50;
const NAMES_FEED = {
  load: async (wikis: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    const names = await Promise.all(
      wikis.map(async wiki => {
        const rows = await loadWikiRows({ q: wiki, limit: NAMES_ASKED }, signal);
        return [wiki, rows.find(row => row.wiki === wiki)?.names.english ?? wiki] as const;
      }),
    );
    return new Map(names);
  },
  intervalMs: () => 3_600_000,
  carriesOver: () => true,
};

export function ComparedWikis(props: ComparedWikisProps) {
  const { view, name, asked, model, askedAtMs, polls, told, endedMs, skewMs, onOverlay } = props;
  const { compare, wiki = '', minutes, end, indexed: isIndexed } = view;
  const query = useMemo((): Query => ({ wikis: compare, range: asked }), [compare, asked]);
  const feed = useFeed<Query, Answers>(query, FEED, polls);
  const names = useFeed<readonly string[], ReadonlyMap<string, string>>(compare, NAMES_FEED, false).state;
  const nameOf = (of: string): string =>
    (names.kind === 'idle' ? undefined : names.answer?.value.get(of)) ?? of;

  const known = useRef(askedAtMs);
  useEffect(() => {
    if (known.current !== askedAtMs && !polls) feed.retry();
    known.current = askedAtMs;
  }, [askedAtMs]);

  const answer = feed.state.kind === 'idle' ? undefined : feed.state.answer;
  const lines = useMemo((): readonly ComparedLine[] => {
    const { x } = model.data;
    const drawn = (of: Model): ComparedLine['values'] =>
      isIndexed ? indexed(ratesOf(of, x)) : ratesOf(of, x);
    const others = compare.map((other): ComparedLine => {
      const value = answer?.value.get(other);
      const isUnknown = value?.knowledge.kind === 'no-such-wiki';
      if (answer === undefined || value === undefined || isUnknown) {
        return { wiki: other, name: nameOf(other), model: undefined, isUnknown, values: x.map(() => null) };
      }
      const live = told.get(other);
      const shown = withLive({ value, atMs: answer.atMs + skewMs }, live && { live, endedMs }, Date.now());
      const of = buildModel({ ...shown, gaps: [], minutes, end, average: 0 });
      return { wiki: other, name: nameOf(other), model: of, isUnknown, values: drawn(of) };
    });
    return [{ wiki, name, model, isUnknown: false, values: drawn(model) }, ...others];
  }, [model, answer, told, endedMs, names, compare, wiki, name, isIndexed, minutes, end, skewMs]);
  useEffect(() => onOverlay({ kind: 'compare', lines }), [lines]);
  useEffect(() => () => onOverlay(undefined), []);
  return null;
}
