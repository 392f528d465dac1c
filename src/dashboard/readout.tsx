/** The legend, which also shows the values of one minute and switches the lines on and off. */
import type { ComponentChildren } from 'preact';
import { formatAverage, formatCount, formatInterval, formatLocal } from './format.ts';
import type { Area } from './band-layer.ts';
import { LineSwatch } from './line-swatch.tsx';
import type { Reading } from './model.ts';
import { comparedCount, weekAgoCount } from './overlay-text.ts';
import type { Overlay } from './overlay.ts';
import { soFarText, standingText } from './standing-text.ts';
import { useNow } from './use-now.ts';
import type { View } from './url-state.ts';
import { comparisonOf, hasNoHistory } from './usual.ts';
import type { Usual } from './usual.ts';

interface Props {
  readonly view: View;
  readonly reading: Reading | undefined;
  /** Undefined: not known. */
  readonly usual: Usual | undefined;
  /** Undefined: nothing. */
  readonly overlay: Overlay | undefined;
  /** No minute is selected: the last whole one is shown. */
  readonly resting: boolean;
  /** The chart shows minutes, not longer buckets. */
  readonly isOfMinutes: boolean;
  /** Gaps and unread minutes in the chart. */
  readonly areas: readonly Area[];
  /** Server clock minus ours. */
  readonly skewMs: number;
  readonly choose: (change: Partial<View>) => void;
}

const AREA_KINDS = [
  ['no-data', 'No data'],
  ['incomplete', 'Incomplete'],
  ['unread', 'Not read'],
  ['awaited', 'Not read yet'],
  ['pending', 'Pending'],
] as const;

export function Readout({
  view,
  reading,
  usual,
  overlay,
  resting,
  isOfMinutes,
  areas,
  skewMs,
  choose,
}: Props) {
  return (
    <div class="readout">
      <p class="when">
        {reading === undefined ? (
          '–'
        ) : (
          <>
            <time dateTime={new Date(reading.minute * 1000).toISOString()}>
              {formatInterval(reading.minute, reading.minute + reading.stepSec)}
            </time>
            <span class="local">{formatLocal(reading.minute)} local</span>
            <Tag reading={reading} resting={resting} skewMs={skewMs} />
          </>
        )}
      </p>
      <ul>
        {overlay?.kind === 'compare' ? (
          overlay.lines.map((line, at) => (
            <li key={line.wiki}>
              <LineSwatch at={at} /> {line.name}{' '}
              <Value>{reading && comparedCount(line, reading.minute)}</Value>
            </li>
          ))
        ) : (
          <Lines {...{ view, reading, usual, overlay, isOfMinutes, choose }} />
        )}
        {AREA_KINDS.filter(([kind]) => areas.some(area => area.kind === kind)).map(([kind, name]) => (
          <li key={kind}>
            <Swatch name={kind} /> {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the chart of one wiki has, each with its switch if it has one. */
function Lines({
  view,
  reading,
  usual,
  overlay,
  isOfMinutes,
  choose,
}: Pick<Props, 'view' | 'reading' | 'usual' | 'overlay' | 'isOfMinutes' | 'choose'>) {
  const { human, bot, weekAgo, average } = view;
  return (
    <>
      <li>
        <Swatch name="total" /> Total <Value>{count(reading?.total)}</Value>
      </li>
      <li>
        <label>
          <input type="checkbox" checked={human} onChange={() => choose({ human: !human })} />
          <Swatch name="human" /> Human <Value>{count(reading?.human)}</Value>
        </label>
      </li>
      <li>
        <label>
          <input type="checkbox" checked={bot} onChange={() => choose({ bot: !bot })} />
          <Swatch name="bot" /> Bot <Value>{count(reading?.bot)}</Value>
        </label>
      </li>
      {average > 0 && isOfMinutes && (
        <li>
          <Swatch name="average" /> {average} min average{' '}
          <Value>{reading?.average === undefined ? undefined : formatAverage(reading.average)}</Value>
        </li>
      )}
      <UsualItem reading={reading} usual={usual} />
      <li>
        <label>
          <input type="checkbox" checked={weekAgo} onChange={() => choose({ weekAgo: !weekAgo })} />
          <Swatch name="ghost" /> Week ago{' '}
          {weekAgo && (
            <Value>{reading && overlay?.kind === 'week-ago' && weekAgoCount(overlay, reading.minute)}</Value>
          )}
        </label>
      </li>
    </>
  );
}

/** It has its place from the start, so that nothing moves when it is known. */
function UsualItem({ reading, usual }: Pick<Props, 'reading' | 'usual'>) {
  const comparison = reading && comparisonOf(reading, usual);
  return (
    <li>
      <Swatch name="usual" /> Usual{' '}
      {hasNoHistory(usual) ? (
        <span
          class="aside"
          title="It takes three weeks of counts to know what is usual for an hour of the week."
        >
          not enough history yet
        </span>
      ) : (
        <Value>{comparison && formatAverage(comparison.usual)}</Value>
      )}
    </li>
  );
}

function count(edits: number | undefined): string | undefined {
  return edits === undefined ? undefined : formatCount(edits);
}

interface TagProps {
  readonly reading: Reading;
  readonly resting: boolean;
  readonly skewMs: number;
}

function Tag({ reading, resting, skewMs }: TagProps) {
  const now = useNow();
  return <span class="tag">{tagText(reading, resting, now + skewMs)}</span>;
}

function tagText(reading: Reading, resting: boolean, nowMs: number): string {
  const { isLastFull, standing, total } = reading;
  if (standing === 'counting' && total !== undefined) return soFarText(reading, nowMs);
  const special = standingText(reading);
  if (special !== '') return special;
  if (isLastFull) return 'last full minute';
  return resting ? 'newest with edits' : '';
}

function Swatch({
  name,
}: {
  name: 'total' | 'human' | 'bot' | 'average' | 'usual' | 'ghost' | Area['kind'];
}) {
  return <span class={`swatch ${name}`} aria-hidden="true" />;
}

function Value({ children }: { children: ComponentChildren }) {
  return <span class="number">{children ?? '–'}</span>;
}
