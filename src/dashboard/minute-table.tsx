/**
 * The newest minutes as a table, for readers who cannot or prefer not to use the chart: the hour of the figures, whose sum
 * is the last row, and the minutes after it.
 */
import { useState } from 'preact/hooks';
import { formatCount, formatInterval, formatLocal, formatUtcDate } from './format.ts';
import { readingOf } from './model.ts';
import type { Model, Reading } from './model.ts';
import { standingText } from './standing-text.ts';

/** How many minutes without a full hour; the JSON link in the footer has all rows. */
const ROWS = 60;

export function MinuteTable({ model, wiki }: { model: Model; wiki: string }) {
  const [open, setOpen] = useState(false);
  const hour = model.figures?.hour;
  return (
    <details class="card table" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>Newest minutes as a table</summary>
      {open && (
        <div class="scroll">
          <table>
            <caption class="hidden">Edits per minute of {wiki}, newest first</caption>
            <thead>
              <tr>
                <th scope="col">Minute</th>
                <th scope="col">Local time</th>
                <th scope="col">Total</th>
                <th scope="col">Human</th>
                <th scope="col">Bot</th>
              </tr>
            </thead>
            <tbody>
              {newestReadings(model).map(reading => (
                <tr key={reading.minute}>
                  <th scope="row">
                    {formatUtcDate(reading.minute)}
                    {reading.total !== undefined && <Tag text={standingText(reading)} />}
                  </th>
                  <td>{formatLocal(reading.minute)}</td>
                  <Counts reading={reading} />
                </tr>
              ))}
            </tbody>
            {hour !== undefined && (
              <tfoot>
                <tr>
                  <th scope="row">Last hour, {formatInterval(hour.from, hour.to)}</th>
                  <td />
                  <td>{formatCount(hour.total)}</td>
                  <td>{formatCount(hour.human)}</td>
                  <td>{formatCount(hour.bot)}</td>
                </tr>
              </tfoot>
            )}
          </table>
        </div>
      )}
    </details>
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

/** From the newest minute that has a count or is counted, to the first of the hour. */
function newestReadings(model: Model): Reading[] {
  const { newest: series, countedTo, figures } = model;
  const newest = countedTo === undefined ? series.first + (series.total.length - 1) * 60 : countedTo - 60;
  const oldest = Math.max(figures?.hour?.from ?? newest - (ROWS - 1) * 60, series.first);
  const count = Math.max((newest - oldest) / 60 + 1, 0);
  return Array.from({ length: count }, (_, back) => readingOf(model, newest - back * 60)).filter(
    reading => reading !== undefined,
  );
}
