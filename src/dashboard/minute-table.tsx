/** The chart's newest minutes as a table, for readers who cannot or prefer not to use the chart. */
import { useState } from 'preact/hooks';
import { formatCount, formatLocal, formatUtcDate } from './format.ts';
import { gapText } from './gap-text.ts';
import { readingAt } from './model.ts';
import type { Model, Reading } from './model.ts';

/** Enough for a page; the JSON link in the footer has all rows. */
const MAX_ROWS = 60;

export function MinuteTable({ model, wiki }: { model: Model; wiki: string }) {
  const [open, setOpen] = useState(false);
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
                    {reading.open && <span class="tag">still counting</span>}
                    {reading.gap?.kind === 'incomplete' && <span class="tag">{gapText(reading.gap)}</span>}
                  </th>
                  <td>{formatLocal(reading.minute)}</td>
                  <Counts reading={reading} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

function Counts({ reading: { total, human = 0, bot = 0, gap } }: { reading: Reading }) {
  if (total === undefined) return <td colSpan={3}>{gap === undefined ? 'no data' : gapText(gap)}</td>;
  return (
    <>
      <td>{formatCount(total)}</td>
      <td>{formatCount(human)}</td>
      <td>{formatCount(bot)}</td>
    </>
  );
}

function newestReadings(model: Model) {
  const last = model.data.x.length - 1;
  return Array.from({ length: MAX_ROWS }, (_, back) => readingAt(model, last - back)).filter(
    reading => reading !== undefined,
  );
}
