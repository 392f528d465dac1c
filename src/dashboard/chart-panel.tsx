/** The chart with its title and legend, and the message shown when there is nothing to draw. */
import { useEffect, useState } from 'preact/hooks';
import { AverageSwitch } from './controls.tsx';
import { CoverageStrip } from './coverage-strip.tsx';
import { ChartCanvas } from './chart-canvas.tsx';
import { lazy } from './lazy.tsx';
import { GapNote } from './gap-note.tsx';
import { gapCount } from './gap-text.ts';
import { formatLength, rangeText } from './format.ts';
import { readingAt, restingIndex } from './model.ts';
import type { Model, Reading } from './model.ts';
import type { Overlay } from './overlay.ts';
import type { OverviewQuery } from './overview.ts';
import type { PageState } from './page-state.ts';
import { Readout } from './readout.tsx';
import type { Selection, View } from './url-state.ts';
import type { Usual } from './usual.ts';

// After the chart, which does not wait for them.
const OverviewBrush = lazy(async () => (await import('./overview-brush.tsx')).OverviewBrush, true);
const Tooltip = lazy(async () => (await import('./tooltip.tsx')).Tooltip, true);
const AnomalyFlags = lazy(async () => (await import('./anomaly-flags.tsx')).AnomalyFlags, true);

interface Props {
  readonly view: View;
  /** Title of the wiki. */
  readonly title: string | undefined;
  readonly state: PageState;
  readonly model: Model | undefined;
  /** Undefined: not known. */
  readonly usual: Usual | undefined;
  /** Undefined: nothing. */
  readonly overlay: Overlay | undefined;
  readonly simulated: boolean;
  /** The last so many minutes contain the range. */
  readonly within: number;
  readonly overview: OverviewQuery | undefined;
  /** Nothing tells what changes. */
  readonly polls: boolean;
  /** The request for gaps failed. */
  readonly gapsUnknown: boolean;
  /** Server clock minus ours. */
  readonly skewMs: number;
  /** Undefined: nothing can be selected. */
  readonly select: ((selection: Selection | undefined) => void) | undefined;
  /** Of the page. */
  readonly widthPx: number;
  readonly choose: (change: Partial<View>) => void;
  /** Back to the range before the last zoom. */
  readonly zoomOut: () => void;
  readonly retry: () => void;
}

export function ChartPanel({
  view,
  title,
  state,
  model,
  usual,
  overlay,
  simulated,
  within,
  overview,
  polls,
  gapsUnknown,
  select,
  widthPx,
  skewMs,
  choose,
  zoomOut,
  retry,
}: Props) {
  const [readMinute, setReadMinute] = useState<number>();
  const { wiki } = view;
  useEffect(() => setReadMinute(undefined), [wiki]);
  const shown = state.kind === 'chart' ? model : undefined;
  const wanted = shown === undefined || readMinute === undefined ? -1 : shown.data.x.indexOf(readMinute);
  const index = wanted >= 0 || shown === undefined ? wanted : restingIndex(shown);
  const reading = shown === undefined ? undefined : readingAt(shown, index);
  const isOfMinutes = shown === undefined || shown.series.stepSec === 60;
  const areas = shown === undefined ? [] : [...shown.bands, ...shown.unread];
  return (
    <section class="card panel" aria-label="Chart" aria-busy={state.kind === 'loading'}>
      <div class="panel-head">
        <p class="aside">
          Edits per minute, {rangeText(view)}
          {overlay?.kind === 'compare' && view.indexed && '; 100 is the average of each wiki'}
          {shown !== undefined && !isOfMinutes && `, ${bucketText(shown.series.stepSec)}`}
        </p>
        {isOfMinutes && <AverageSwitch average={view.average} choose={choose} />}
      </div>
      <Readout
        view={view}
        reading={reading}
        usual={usual}
        overlay={overlay}
        resting={wanted < 0}
        isOfMinutes={isOfMinutes}
        areas={areas}
        skewMs={skewMs}
        choose={choose}
      />
      <div class="stage">
        <ChartCanvas
          model={shown}
          usual={usual}
          overlay={overlay}
          view={view}
          reading={reading}
          index={wanted >= 0 ? wanted : undefined}
          onRead={setReadMinute}
          onZoom={({ from, to }) => choose({ minutes: (to - from) / 60, end: to })}
          onZoomOut={zoomOut}
          onSelect={select}
        />
        {shown !== undefined && view.selected !== undefined && (
          <SelectedSpan selected={view.selected} span={shown.span} />
        )}
        {state.kind === 'chart' && shown !== undefined && (
          <AnomalyFlags
            wiki={state.wiki}
            span={shown.span}
            isFrozen={view.end !== undefined}
            widthPx={widthPx}
            selected={view.selected}
            select={select}
          />
        )}
        {simulated && shown !== undefined && (
          <p class="watermark" aria-hidden="true">
            SIMULATED
          </p>
        )}
        {shown !== undefined && reading !== undefined && wanted >= 0 && (
          <Tooltip
            reading={reading}
            usual={usual}
            overlay={overlay}
            at={placeOf(reading, shown.span)}
            zone={view.zone}
          />
        )}
        {shown !== undefined && <CoverageStrip model={shown} />}
        {shown !== undefined && (
          <div class="overview" aria-hidden="true">
            <OverviewBrush
              query={overview}
              span={shown.span}
              minutes={view.minutes}
              repeats={polls}
              choose={choose}
            />
          </div>
        )}
        {state.kind !== 'chart' && <Message state={state} retry={retry} />}
      </div>
      <p class="hidden" role="status">
        {state.kind === 'chart' &&
          `Showing ${title ?? state.wiki}, ${rangeText(view)}${withGaps(shown?.bands ?? [])}.`}
      </p>
      {state.kind === 'chart' && shown !== undefined && (
        <>
          <QuietNote model={shown} wiki={state.wiki} view={view} choose={choose} />
          <GapNote model={shown} wiki={state.wiki} minutes={within} unknown={gapsUnknown} />
        </>
      )}
      <p class="aside footnote">
        {view.zone === 'utc' ? 'Times in UTC.' : 'Axis in local time.'} Pale: late edits may still be added.
        Pending: counted, and not stored yet. Hollow: still being counted, and left out of the average. Drag
        to zoom in; Escape or a double click lead back. Click, or press Enter, for more about a minute.
      </p>
    </section>
  );
}

/** The middle of a bucket, from 0 to 1 of the axis. */
function placeOf({ minute, stepSec }: Reading, { from, to }: Model['span']): number {
  return Math.min(Math.max((minute + stepSec / 2 - from) / (to - from), 0), 1);
}

/** Marks the selected minutes, as far as they are on the chart. */
function SelectedSpan({ selected, span }: { selected: Selection; span: Model['span'] }) {
  const [from, to] = [Math.max(selected.from, span.from), Math.min(selected.to, span.to)];
  if (from >= to) return null;
  const length = span.to - span.from;
  return (
    <div
      class="selected-span"
      style={`--from: ${(from - span.from) / length}; --share: ${(to - from) / length}`}
      aria-hidden="true"
    />
  );
}

/** Says that a chart without edits is no mistake. */
function QuietNote({ model, wiki, view, choose }: QuietProps) {
  if (model.edits > 0) return null;
  return (
    <p class="aside gap-note quiet-note">
      {model.isCounted ? `No edits on ${wiki} in this range.` : `Nothing is known of ${wiki} in this range.`}{' '}
      {view.end === undefined && view.minutes < 1_440 && (
        <button type="button" onClick={() => choose({ minutes: 1_440 })}>
          Show the last 24 hours
        </button>
      )}
    </p>
  );
}

interface QuietProps {
  readonly model: Model;
  readonly wiki: string;
  readonly view: View;
  readonly choose: (change: Partial<View>) => void;
}

/** Of minutes that are too many to draw: what is drawn instead. */
function bucketText(stepSec: number): string {
  return `averages of ${formatLength(stepSec / 60)}, with the quietest and the busiest minute`;
}

function withGaps(bands: Model['bands']): string {
  return bands.length === 0 ? '' : `, with ${gapCount(bands)}`;
}

interface MessageProps {
  readonly state: Exclude<PageState, { kind: 'chart' }>;
  readonly retry: () => void;
}

function Message({ state, retry }: MessageProps) {
  return (
    <div class="message" role="status">
      {messageText(state)}
      {state.kind === 'unreachable' && (
        <button type="button" onClick={retry}>
          Retry now
        </button>
      )}
    </div>
  );
}

function messageText(state: MessageProps['state']) {
  switch (state.kind) {
    case 'loading':
      return <p>Loading…</p>;
    case 'unreachable':
      return (
        <p>
          <strong>Cannot reach the API</strong>
          <br />
          {state.failure.message}. Retrying automatically.
        </p>
      );
    case 'waiting':
      return (
        <p>
          <strong>Waiting for the first edits</strong>
          <br />
          They appear here once the pipeline has counted its first part.
        </p>
      );
    case 'unknown-wiki':
      return (
        <p>
          <strong>Unknown wiki “{state.wiki}”</strong>
          <br />
          Choose one above. A wiki is listed once it has an edit.
        </p>
      );
  }
  return state satisfies never;
}
