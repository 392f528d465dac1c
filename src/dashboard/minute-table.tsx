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
import { rangeAsked } from './range.ts';
import { standingText } from './standing-text.ts';
import { totalsOf } from './totals.ts';
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
}

export function MinuteTable({ model, wiki, view }: Props) {
  const [top, setTop] = useState(0);
  const starts = useMemo(() => startsOf(model), [model]);
  const first = Math.max(Math.floor(top / ROW_PX) - SPARE_ROWS, 0);
  const shown = starts.slice(first, first + VIEW_ROWS + 2 * SPARE_ROWS);
  const after = starts.length - first - shown.length;
  const { hour } = model.figures ?? {};
  const whole = totalsOf(model);
  const { stepSec } = model.series;
  const step = STEPS.find(step => STEP_SECONDS[step] === stepSec) ?? '1m';
  return (
    <>
      <p class="table-head aside">
        {formatCount(starts.length)} rows, newest first.{' '}
        <a href={seriesPath(rangeAsked({ ...view, wiki }), step, 'csv')} download={`${wiki}.csv`}>
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
              <th scope="col">Total</th>
              <th scope="col">Human</th>
              <th scope="col">Bot</th>
            </tr>
          </thead>
          <tbody>
            {first > 0 && <Spacer rows={first} />}
            {shown.map((start, at) => (
              <Row key={start} reading={readingIn(model.series, model, start)} index={first + at + 2} />
            ))}
            {after > 0 && <Spacer rows={after} />}
          </tbody>
          <tfoot>
            {hour !== undefined && (
              <Sum name={`Last hour, ${formatInterval(hour.from, hour.to)}`} {...hour} />
            )}
            <Sum name={`All of ${formatInterval(model.span.from, model.span.to)}`} {...whole} />
          </tfoot>
        </table>
      </div>
    </>
  );
}

function Row({ reading, index }: { reading: Reading | undefined; index: number }) {
  if (reading === undefined) return null;
  const { minute, stepSec, total } = reading;
  return (
    <tr aria-rowindex={index}>
      <th scope="row">
        {formatInterval(minute, minute + stepSec)}
        {total !== undefined && <Tag text={standingText(reading)} />}
      </th>
      <td>{formatLocal(minute)}</td>
      <Counts reading={reading} />
    </tr>
  );
}

/** Keeps the place of rows that are not in the document. */
function Spacer({ rows }: { rows: number }) {
  return <tr class="spacer" aria-hidden="true" style={`height: ${rows * ROW_PX}px`} />;
}

interface SumProps {
  readonly name: string;
  readonly total: number;
  readonly human: number;
  readonly bot: number;
}

function Sum({ name, total, human, bot }: SumProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td />
      <td>{formatCount(total)}</td>
      <td>{formatCount(human)}</td>
      <td>{formatCount(bot)}</td>
    </tr>
  );
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
