/**
 * Every minute or bucket of the chart as a table, newest first, for readers who cannot or prefer not to use it; of minutes
 * always the hour of the figures too. Its last rows are the sums. Only rows that can be seen are in the document.
 */
import { useMemo, useState } from 'preact/hooks';
import { STEPS, STEP_SECONDS } from '../core/steps.ts';
import { seriesPath } from './api-client.ts';
import { formatCount, formatInterval, formatLocal } from './format.ts';
import { readingIn } from './model.ts';
import type { Model, Reading } from './model.ts';
import { comparedCount } from './overlay-text.ts';
import type { ComparedLine, Overlay } from './overlay.ts';
import { rangeAsked } from './range.ts';
import { standingText } from './standing-text.ts';
import { totalsOf } from './totals.ts';
import type { Totals } from './totals.ts';
import { wikisOf } from './url-state.ts';
import type { View } from './url-state.ts';

/** As in style.css: a row has a fixed height, so that the place of each is known. */
const ROW_PX = 30;
/** Before and after those in view. Shorter tables are whole. */
const SPARE_ROWS = 100;
const VIEW_ROWS = 20;

interface Props {
  readonly model: Model;
  readonly wiki: string;
  readonly view: View;
  /** Undefined: nothing. */
  readonly overlay: Overlay | undefined;
}

export function MinuteTable({ model, wiki, view, overlay }: Props) {
  const [top, setTop] = useState(0);
  const starts = useMemo(() => startsOf(model), [model]);
  const first = Math.max(Math.floor(top / ROW_PX) - SPARE_ROWS, 0);
  const shown = starts.slice(first, first + VIEW_ROWS + 2 * SPARE_ROWS);
  const after = starts.length - first - shown.length;
  const { hour } = model.figures ?? {};
  const lines = overlay?.kind === 'compare' ? overlay.lines : undefined;
  const whole = totalsOf(model);
  const { stepSec } = model.series;
  const step = STEPS.find(step => STEP_SECONDS[step] === stepSec) ?? '1m';
  return (
    <>
      <p class="table-head aside">
        {formatCount(starts.length)} rows, newest first.{' '}
        <a
          href={seriesPath(rangeAsked({ ...view, wiki: wikisOf(view).join(',') }), step, 'csv')}
          download={`${wikisOf(view).join('-')}.csv`}
        >
          This range as CSV
        </a>
      </p>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Counts of the range"
        onScroll={event => {
          // As often as the rows change, and not with each pixel.
          const rows = Math.floor(event.currentTarget.scrollTop / ROW_PX / VIEW_ROWS) * VIEW_ROWS;
          setTop(rows * ROW_PX);
        }}
      >
        <table aria-rowcount={starts.length + 1}>
          <caption class="hidden">Edits of {wiki}, newest first</caption>
          <thead>
            <tr>
              <th scope="col">{stepSec === 60 ? 'Minute' : 'Time'}</th>
              <th scope="col">Local time</th>
              {lines === undefined ? (
                <>
                  <th scope="col">Total</th>
                  <th scope="col">Human</th>
                  <th scope="col">Bot</th>
                </>
              ) : (
                lines.map(({ wiki, name }) => (
                  <th scope="col" key={wiki}>
                    {name}
                  </th>
                ))
              )}
            </tr>
          </thead>
          <tbody>
            {first > 0 && <Spacer rows={first} />}
            {shown.map((start, at) => (
              <Row
                key={start}
                reading={readingIn(model.series, model, start)}
                lines={lines}
                index={first + at + 2}
              />
            ))}
            {after > 0 && <Spacer rows={after} />}
          </tbody>
          <tfoot>
            {hour !== undefined && (
              <Sum
                name={`Last hour, ${formatInterval(hour.from, hour.to)}`}
                counts={lines?.map(line => line.model?.figures?.hour?.total) ?? countsOf(hour)}
              />
            )}
            <Sum
              name={`All of ${formatInterval(model.span.from, model.span.to)}`}
              counts={lines?.map(line => line.model && totalsOf(line.model).total) ?? countsOf(whole)}
            />
          </tfoot>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  readonly reading: Reading | undefined;
  /** Of compared wikis; undefined: there is one wiki. */
  readonly lines: readonly ComparedLine[] | undefined;
  readonly index: number;
}

function Row({ reading, lines, index }: RowProps) {
  if (reading === undefined) return null;
  const { minute, stepSec, total } = reading;
  return (
    <tr aria-rowindex={index}>
      <th scope="row">
        {formatInterval(minute, minute + stepSec)}
        {total !== undefined && <Tag text={standingText(reading)} />}
      </th>
      <td>{formatLocal(minute)}</td>
      {lines === undefined ? (
        <Counts reading={reading} />
      ) : (
        lines.map(line => <td key={line.wiki}>{comparedCount(line, minute)}</td>)
      )}
    </tr>
  );
}

/** Keeps the place of rows that are not in the document. */
function Spacer({ rows }: { rows: number }) {
  return <tr class="spacer" aria-hidden="true" style={`height: ${rows * ROW_PX}px`} />;
}

function Sum({ name, counts }: { name: string; counts: readonly (number | undefined)[] }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td />
      {counts.map((count, at) => (
        <td key={at}>{count === undefined ? '–' : formatCount(count)}</td>
      ))}
    </tr>
  );
}

function countsOf({ total, human, bot }: Pick<Totals, 'total' | 'human' | 'bot'>): readonly number[] {
  return [total, human, bot];
}

function Tag({ text }: { text: string }) {
  return text === '' ? null : <span class="tag">{text}</span>;
}

function Counts({ reading }: { reading: Reading }) {
  const { total, human = 0, bot = 0 } = reading;
  if (total === undefined) return <td colSpan={3}>{standingText(reading)}</td>;
  return (
    <>
      <td>{formatCount(total)}</td>
      <td>{formatCount(human)}</td>
      <td>{formatCount(bot)}</td>
    </>
  );
}

/** Where the rows begin, newest first: down to the first of the chart, and of minutes to the hour of the figures. */
function startsOf({ series, span, data, countedTo, figures }: Model): number[] {
  const { stepSec } = series;
  const last = data.x.at(-1) ?? span.from;
  // Minutes after those that have begun to be counted say nothing.
  const newest =
    countedTo === undefined
      ? last
      : Math.min(Math.floor((countedTo - 1 - series.first) / stepSec) * stepSec + series.first, last);
  const drawn = data.x[0] ?? span.from;
  const oldest = stepSec === 60 ? Math.min(drawn, figures?.hour?.from ?? drawn) : drawn;
  const count = Math.max(Math.round((newest - oldest) / stepSec) + 1, 0);
  return Array.from({ length: count }, (_, back) => newest - back * stepSec);
}
