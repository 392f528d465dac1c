/**
 * ⑧ The page: the API's feeds, one model of the view, and the components that show it. This folder holds what runs in the
 * browser; of the rest of the code it uses only pure modules, and of the API only its description.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { loadPipeline, loadSeries, loadStatus, loadWikis } from './api-client.ts';
import type { RangeQuery, Status } from './api-client.ts';
import { AccountBots } from './account-bots.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { ChartRow } from './chart-row.tsx';
import { lazy } from './lazy.tsx';
import { Controls } from './controls.tsx';
import { HelpButton } from './help-button.tsx';
import { Headline } from './headline.tsx';
import { overviewOf } from './overview.ts';
import { FigureCards } from './figure-cards.tsx';
import { DelayBanner, FailureBanner, FeedBanner, FreshnessPill, FrozenPill } from './freshness.tsx';
import { loadBuckets } from './load-buckets.ts';
import { loadKnowledge } from './load-knowledge.ts';
import { createMinutesLoader, rowsOf } from './load-minutes.ts';
import type { Minutes } from './load-minutes.ts';
import { buildModel, newestReading } from './model.ts';
import { isWikiName } from '../core/wiki-name.ts';
import type { Overlay } from './overlay.ts';
import { firstWiki, pageState } from './page-state.ts';
import { pollIntervalMs } from './poll-interval.ts';
import type { PollState } from './poller.ts';
import { rangeOf, stepFor } from './range.ts';
import { Share } from './share.tsx';
import { SimulatedNotice } from './simulated.tsx';
import { useCatchingUp } from './use-catching-up.ts';
import { useFeed } from './use-feed.ts';
import { useBackfills } from './use-backfills.ts';
import { useGaps } from './use-gaps.ts';
import { useLive } from './use-live.ts';
import { useNamedWiki } from './use-named-wiki.ts';
import { useUsual } from './use-usual.ts';
import { useReloads } from './use-reloads.ts';
import { writeView } from './url-state.ts';
import type { View } from './url-state.ts';
import { useView } from './use-view.ts';
import { useWidth } from './use-width.ts';
import { withLive } from './with-live.ts';

const WIKIS_FEED = {
  load: loadWikis,
  // An empty gold fills within seconds of the pipeline's start; later, new wikis are rare.
  intervalMs: (_query: 'all', wikis: readonly string[]) => (wikis.length === 0 ? 2_000 : 60_000),
  isWhole: (wikis: readonly string[]) => wikis.length > 0,
  carriesOver: () => false,
};
const STATUS_FEED = {
  load: loadStatus,
  intervalMs: () => 10_000,
  // Of an empty gold it is not known yet whether its data will be simulated.
  isWhole: ({ sources }: Status) => sources.length > 0,
  carriesOver: () => false,
};
const PIPELINE_FEED = { load: loadPipeline, intervalMs: () => 10_000, carriesOver: () => false };
const MINUTES_FEED = {
  load: createMinutesLoader({
    loadBuckets,
    loadRows: async (asked, signal) => rowsOf(await loadSeries(asked, '1m', signal)),
    loadKnowledge,
    keepMs: ({ minutes }) => Math.max(pollIntervalMs(minutes), 10_000),
    nowMs: Date.now,
  }),
  intervalMs: ({ minutes }: RangeQuery) => pollIntervalMs(minutes),
  isWhole: ({ knowledge }: Minutes) => knowledge.kind !== 'unavailable',
  carriesOver: (before: RangeQuery, after: RangeQuery) => before.wiki === after.wiki,
};

/** While the page listens, an earlier answer is as good: it lacks only what no event is about. */
function withoutFailure<Q, T>(state: PollState<Q, T>): PollState<Q, T> {
  if (state.kind !== 'failing' || state.answer === undefined) return state;
  return { kind: 'current', query: state.query, answer: state.answer };
}

const Chips = lazy(async () => (await import('./chips.tsx')).Chips, true);
const ComparedWikis = lazy(async () => (await import('./compared-wikis.tsx')).ComparedWikis, true);
const WeekAgo = lazy(async () => (await import('./week-ago.tsx')).WeekAgo, true);
// Below the chart, which does not wait for them.
const Tabs = lazy(async () => (await import('./tabs.tsx')).Tabs);
const Footer = lazy(async () => (await import('./footer.tsx')).Footer, true);
const UnusualNow = lazy(async () => (await import('./unusual-now.tsx')).UnusualNow);

/** As in style.css. */
const PHONE_PX = 640;

/** The wikis to listen to: compared ones once it is known that they exist. */
function followed({ wiki = '', compare }: View, overlay: Overlay | undefined): readonly string[] {
  const lines = overlay?.kind === 'compare' ? overlay.lines : [];
  return [
    wiki,
    ...compare.filter(name => lines.some(line => line.wiki === name && line.model !== undefined)),
  ];
}

interface Props {
  /** The chart alone, for a frame in a page of somebody else. */
  readonly isEmbedded: boolean;
}

export function App({ isEmbedded }: Props) {
  const { view, choose, settle, zoomOut } = useView();
  const { wiki, minutes, end, average } = view;
  const width = useWidth();
  const step = stepFor(minutes, width);
  const { title, domain } = useNamedWiki(wiki !== undefined && isWikiName(wiki) ? wiki : undefined);
  const asked = useMemo(
    () => (wiki !== undefined && isWikiName(wiki) ? rangeOf(wiki, view, width, Date.now()) : undefined),
    [wiki, minutes, end, step],
  );
  // What happens now changes nothing of a frozen range.
  const [overlay, setOverlay] = useState<Overlay>();
  const listening = useLive(
    asked === undefined || end !== undefined ? undefined : followed(view, overlay),
    () => reload(),
  );
  // Nothing is polled while the page listens, nor before it is known whether it can, nor of a range that does not move.
  const polls = listening?.mode === 'polling';
  const wikis = useFeed('all', WIKIS_FEED, polls);
  const status = useFeed('all', STATUS_FEED, polls);
  const edits = useFeed(asked, MINUTES_FEED, polls);
  const pipeline = useFeed(polls ? 'all' : undefined, PIPELINE_FEED);

  const knownWikis = wikis.state.kind === 'idle' ? undefined : wikis.state.answer?.value;
  useEffect(() => {
    const first = knownWikis === undefined ? undefined : firstWiki(knownWikis);
    if (wiki === undefined && first !== undefined) settle({ wiki: first });
  }, [wiki, knownWikis]);

  const statusAnswer = status.state.kind === 'idle' ? undefined : status.state.answer;
  const origin = statusAnswer?.value;
  // The server's clock decides which minute is current; the reader's may be wrong.
  const skewMs = statusAnswer === undefined ? 0 : Date.parse(statusAnswer.value.now) - statusAnswer.atMs;
  const nowSec = (): number => Math.floor((Date.now() + skewMs) / 1000);
  const answer = edits.state.kind === 'idle' ? undefined : edits.state.answer;
  const { gaps, ...knownGaps } = useGaps(asked, answer, polls);
  const { backfills, ...knownBackfills } = useBackfills(asked, polls);
  const reload = (): void => {
    for (const feed of [edits, knownGaps, knownBackfills, status]) feed.retry();
  };
  useReloads(asked, knownGaps.settled ? gaps : undefined, () => edits.retry());
  useReloads(asked, backfills, () => edits.retry());
  const live = listening?.live.wiki === answer?.query.wiki ? listening : undefined;
  const shown = useMemo(() => {
    if (answer === undefined) return undefined;
    const onServer = (ms: number): number => ms + skewMs;
    const heard = live && { ...live, endedMs: live.endedMs && onServer(live.endedMs) };
    return withLive({ value: answer.value, atMs: onServer(answer.atMs) }, heard, Date.now());
  }, [answer, live, skewMs]);
  const model = useMemo(() => {
    if (answer === undefined || shown === undefined) return undefined;
    return buildModel({ ...shown, gaps, minutes, end, average });
  }, [shown, gaps, minutes, end, average]);

  const usual = useUsual(asked, model?.span.to);

  const told = useMemo(() => new Map(live?.lives.map(each => [each.wiki, each])), [live]);

  const isListening = live?.mode === 'listening';
  useCatchingUp(isListening && end === undefined ? asked : undefined, model, nowSec(), () => edits.retry());
  const isFeedLost = isListening && live.live.feed === 'lost';
  const requests = isListening ? withoutFailure(edits.state) : edits.state;
  const freshness = {
    minutes: requests,
    countedTo: model?.countedTo,
    pipeline:
      (pipeline.state.kind === 'idle' ? undefined : pipeline.state.answer?.value) ?? listening?.live.health,
    skewMs,
  };

  // Asked for last: the chart is what a reader waits for.
  const overview = useMemo(
    () => (model === undefined ? undefined : overviewOf(asked, width)),
    [model === undefined, asked],
  );
  const originSettled = origin !== undefined || status.state.kind === 'failing';
  const state = pageState({
    wiki,
    wikis: wikis.state,
    edits: edits.state,
    shown: shown?.value,
    originSettled,
    gapsSettled: knownGaps.settled,
    model,
  });
  const simulated = origin?.simulated === true;
  useEffect(() => {
    document.title = `${simulated ? 'SIMULATED · ' : ''}${wiki ?? 'edits per minute'} · wikigauge`;
  }, [simulated, wiki]);

  const retry = (): void => {
    for (const feed of [edits, knownGaps, knownBackfills, wikis, status, pipeline]) feed.retry();
  };
  const headline = (
    <Headline
      view={view}
      title={title}
      model={state.kind === 'chart' ? model : undefined}
      usual={usual}
      simulated={simulated}
      isNarrow={width <= PHONE_PX}
    />
  );
  const failure = <FailureBanner state={requests} heardMs={live?.endedMs} retry={retry} />;
  const chart = (
    <ChartPanel
      view={view}
      title={title}
      state={state}
      model={model}
      usual={usual}
      overlay={overlay}
      simulated={simulated}
      within={asked?.within ?? minutes}
      overview={isEmbedded ? undefined : overview}
      polls={polls}
      gapsUnknown={knownGaps.unknown}
      select={isEmbedded ? undefined : selected => settle({ selected })}
      widthPx={width}
      skewMs={skewMs}
      choose={choose}
      zoomOut={zoomOut}
      retry={retry}
    />
  );
  const overlays = state.kind === 'chart' &&
    asked !== undefined &&
    model !== undefined &&
    answer !== undefined && (
      <>
        {view.compare.length > 0 && (
          <ComparedWikis
            view={view}
            name={title ?? asked.wiki}
            asked={asked}
            model={model}
            askedAtMs={answer.atMs}
            polls={listening?.mode === 'polling'}
            told={told}
            endedMs={live?.endedMs && live.endedMs + skewMs}
            skewMs={skewMs}
            onOverlay={setOverlay}
          />
        )}
        {view.compare.length === 0 && view.weekAgo && (
          <WeekAgo asked={asked} model={model} onOverlay={setOverlay} />
        )}
      </>
    );
  if (isEmbedded)
    return (
      <main class="embedded">
        {overlays}
        {headline}
        {failure}
        {chart}
        <p class="aside">
          <a href={`/${writeView(view)}`} target="_blank" rel="noopener">
            Open in wikigauge
          </a>
        </p>
      </main>
    );
  return (
    <>
      <SimulatedNotice origin={origin} unknown={origin === undefined && status.state.kind === 'failing'} />
      <header class="bar">
        <h1>
          <Mark />
          <span>wikigauge</span>
        </h1>
        <Controls view={view} title={title} nowSec={nowSec} choose={choose} />
        <Share
          view={view}
          step={step}
          title={title}
          sources={(origin?.sources ?? []).map(({ url }) => url)}
          simulated={simulated}
          model={state.kind === 'chart' ? model : undefined}
          nowSec={nowSec}
        />
        {end === undefined ? (
          <FreshnessPill {...freshness} isFeedLost={isFeedLost} />
        ) : (
          <FrozenPill goLive={() => choose({ end: undefined })} />
        )}
        <HelpButton origin={origin} />
        {view.compare.length > 0 && (
          <div class="chips">
            <Chips view={view} lines={overlay?.kind === 'compare' ? overlay.lines : []} choose={choose} />
          </div>
        )}
      </header>
      {overlays}
      <main>
        {headline}
        {failure}
        {end === undefined && <FeedBanner isFeedLost={isFeedLost} />}
        {end === undefined && <DelayBanner {...freshness} />}
        <ChartRow
          view={view}
          isChart={state.kind === 'chart'}
          model={model}
          usual={usual}
          domain={domain}
          simulated={simulated}
          nowSec={nowSec}
          settle={settle}
        >
          {chart}
        </ChartRow>
        <FigureCards
          figures={state.kind === 'chart' ? model?.figures : undefined}
          newest={state.kind === 'chart' && model !== undefined ? newestReading(model) : undefined}
          nowSec={(model?.span.to ?? 1) - 1}
        />
        <AccountBots backfills={backfills} />
        {model !== undefined && <UnusualNow nowSec={nowSec} choose={choose} />}
        <Tabs
          view={view}
          model={state.kind === 'chart' ? model : undefined}
          overlay={overlay}
          pipeline={{ gaps: model?.gaps ?? [], wiki, span: model?.span }}
          choose={choose}
          settle={settle}
        />
      </main>
      <Footer status={origin} view={view} step={step} />
    </>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M5 20h4l3-9 5 14 4-12 2 7h4" />
    </svg>
  );
}
