/** The chart with its title and legend, and the message shown when there is nothing to draw. */
import { useEffect, useState } from 'preact/hooks';
import type { Gaps } from './api-client.ts';
import type { Band } from './bands.ts';
import { ChartCanvas } from './chart-canvas.tsx';
import { GapNote } from './gap-note.tsx';
import { gapCount } from './gap-text.ts';
import { formatRange, formatUtc } from './format.ts';
import { readingAt, restingIndex } from './model.ts';
import type { Model } from './model.ts';
import type { PageState } from './page-state.ts';
import { Readout } from './readout.tsx';
import { SimulatedBadge } from './simulated.tsx';
import type { View } from './url-state.ts';

interface Props {
  readonly view: View;
  /** Title of the wiki. */
  readonly title: string | undefined;
  readonly state: PageState;
  readonly model: Model | undefined;
  readonly simulated: boolean;
  readonly gaps: Gaps;
  /** The request for gaps failed. */
  readonly gapsUnknown: boolean;
  readonly choose: (change: Partial<View>) => void;
  readonly retry: () => void;
}

export function ChartPanel({
  view,
  title,
  state,
  model,
  simulated,
  gaps,
  gapsUnknown,
  choose,
  retry,
}: Props) {
  const [readMinute, setReadMinute] = useState<number>();
  const { wiki, minutes } = view;
  useEffect(() => setReadMinute(undefined), [wiki]);
  const shown = state.kind === 'chart' ? model : undefined;
  const wanted = shown === undefined || readMinute === undefined ? -1 : shown.data.x.indexOf(readMinute);
  const index = wanted >= 0 || shown === undefined ? wanted : restingIndex(shown);
  const reading = shown === undefined ? undefined : readingAt(shown, index);
  const bands = state.kind === 'chart' || state.kind === 'empty' ? (model?.bands ?? []) : [];
  return (
    <section class="card panel" aria-label="Chart" aria-busy={state.kind === 'loading'}>
      <div class="panel-head">
        <h2>
          {title ?? wiki ?? 'No wiki yet'}
          {title !== undefined && <code>{wiki}</code>}
          {simulated && <SimulatedBadge />}
        </h2>
        <p class="aside">
          Edits per minute, last {formatRange(minutes)}
          {shown !== undefined &&
            startsLater(shown, minutes) &&
            `; data starts at ${formatUtc(firstCounted(shown))}`}
        </p>
      </div>
      <Readout view={view} reading={reading} resting={wanted < 0} bands={bands} choose={choose} />
      <div class="stage">
        <ChartCanvas
          model={shown}
          view={view}
          reading={reading}
          index={wanted >= 0 ? wanted : undefined}
          onRead={setReadMinute}
        />
        {state.kind !== 'chart' && (
          <Message state={state} view={view} lacking={bands.length > 0} choose={choose} retry={retry} />
        )}
      </div>
      <p class="hidden" role="status">
        {state.kind === 'chart' &&
          `Showing ${title ?? state.wiki}, last ${formatRange(minutes)}${withGaps(bands)}.`}
      </p>
      {state.kind === 'chart' && (
        <GapNote bands={bands} gaps={gaps} wiki={state.wiki} minutes={minutes} unknown={gapsUnknown} />
      )}
      <p class="aside footnote">
        Times in UTC. Dashed: the newest minute, still being counted and left out of the average.
      </p>
    </section>
  );
}

/** Whether the axis was shortened to the start of the data. */
function startsLater({ span }: Model, minutes: number): boolean {
  return span.to - span.from < minutes * 60;
}

function firstCounted({ data }: Model): number {
  return data.x.find((_, at) => (data.total[at] ?? data.openTotal[at] ?? null) !== null) ?? 0;
}

function withGaps(bands: readonly Band[]): string {
  return bands.length === 0 ? '' : `, with ${gapCount(bands)}`;
}

interface MessageProps {
  readonly state: Exclude<PageState, { kind: 'chart' }>;
  readonly view: View;
  /** Data is missing for part of the range. */
  readonly lacking: boolean;
  readonly choose: (change: Partial<View>) => void;
  readonly retry: () => void;
}

function Message({ state, view, lacking, choose, retry }: MessageProps) {
  return (
    <div class="message" role="status">
      {messageText(state, view, lacking)}
      {state.kind === 'unreachable' && (
        <button type="button" onClick={retry}>
          Retry now
        </button>
      )}
      {state.kind === 'empty' && view.minutes < 1_440 && (
        <button type="button" onClick={() => choose({ minutes: 1_440 })}>
          Show the last 24 hours
        </button>
      )}
    </div>
  );
}

function messageText(state: MessageProps['state'], { minutes }: View, lacking: boolean) {
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
    case 'empty':
      return (
        <p>
          <strong>No edits on {state.wiki} in this range yet</strong>
          <br />
          {lacking
            ? `Data is missing for part of the last ${formatRange(minutes)}.`
            : `There were none in the last ${formatRange(minutes)}.`}{' '}
          The chart starts with the first edit.
        </p>
      );
  }
  return state satisfies never;
}
