/** The legend, which also shows the values of one minute and switches the lines on and off. */
import type { ComponentChildren } from 'preact';
import type { Band } from './bands.ts';
import { formatAverage, formatCount, formatLocal, formatUtcDate } from './format.ts';
import { gapText } from './gap-text.ts';
import type { Reading } from './model.ts';
import type { View } from './url-state.ts';

interface Props {
  readonly view: View;
  readonly reading: Reading | undefined;
  /** No minute is selected: the last whole one is shown. */
  readonly resting: boolean;
  /** The gaps in the chart. */
  readonly bands: readonly Band[];
  readonly choose: (change: Partial<View>) => void;
}

const GAP_KINDS = [
  ['no-data', 'No data'],
  ['incomplete', 'Incomplete'],
] as const;

export function Readout({ view, reading, resting, bands, choose }: Props) {
  const { human, bot, average } = view;
  return (
    <div class="readout">
      <p class="when">
        {reading === undefined ? (
          '–'
        ) : (
          <>
            <time dateTime={new Date(reading.minute * 1000).toISOString()}>
              {formatUtcDate(reading.minute)}
            </time>
            <span class="local">{formatLocal(reading.minute)} local</span>
            <span class="tag">{readingTag(reading, resting)}</span>
          </>
        )}
      </p>
      <ul>
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
        {average > 0 && (
          <li>
            <Swatch name="average" /> {average} min average{' '}
            <Value>{reading?.average === undefined ? undefined : formatAverage(reading.average)}</Value>
          </li>
        )}
        {GAP_KINDS.filter(([kind]) => bands.some(band => band.kind === kind)).map(([kind, name]) => (
          <li key={kind}>
            <Swatch name={kind} /> {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

function count(edits: number | undefined): string | undefined {
  return edits === undefined ? undefined : formatCount(edits);
}

function readingTag({ open, lastWhole, gap }: Reading, resting: boolean): string {
  if (gap !== undefined) return gapText(gap);
  if (open) return 'still counting';
  if (lastWhole) return 'last full minute';
  return resting ? 'newest with edits' : '';
}

function Swatch({ name }: { name: 'total' | 'human' | 'bot' | 'average' | Band['kind'] }) {
  return <span class={`swatch ${name}`} aria-hidden="true" />;
}

function Value({ children }: { children: ComponentChildren }) {
  return <span class="number">{children ?? '–'}</span>;
}
