/** The key figures. */
import type { ComponentChildren } from 'preact';
import type { Figures, HourFigures } from './figures.ts';
import { formatAverage, formatCount, formatShare, formatWhen } from './format.ts';
import type { Reading } from './model.ts';
import { standingText } from './standing-text.ts';

interface Props {
  readonly figures: Figures | undefined;
  /** The newest minute of which anything is known, whether or not it is over. */
  readonly newest: Reading | undefined;
  /** Epoch seconds; decides whether a time needs its day. */
  readonly nowSec: number;
}

export function FigureCards({ figures, newest, nowSec }: Props) {
  const hour = figures?.hour;
  const share = hour === undefined ? undefined : formatShare(hour.bot, hour.total);
  const missing = figures === undefined ? 'No full minute yet' : 'No data';
  return (
    <section class="figures" aria-label="Key figures">
      <Card
        name="Newest minute"
        value={newest?.total === undefined ? undefined : formatCount(newest.total)}
        unit={editsUnit(newest?.total)}
      >
        {newest === undefined ? 'No data' : newestText(newest, nowSec)}
      </Card>
      <Card
        name="Last full minute"
        value={figures === undefined ? undefined : formatCount(figures.inMinute)}
        unit={editsUnit(figures?.inMinute)}
      >
        {figures === undefined ? missing : formatWhen(figures.minute, nowSec)}
      </Card>
      <Card
        name="Last hour"
        value={hour === undefined ? undefined : formatCount(hour.total)}
        unit={editsUnit(hour?.total)}
      >
        {hour === undefined ? missing : hourText(hour)}
      </Card>
      <Card name="Share of bots" value={share} unit="">
        {hour === undefined ? missing : `${formatCount(hour.bot)} in the last hour`}
      </Card>
    </section>
  );
}

function newestText(newest: Reading, nowSec: number): string {
  const special = standingText(newest);
  return `${formatWhen(newest.minute, nowSec)}${special === '' ? '' : `, ${special}`}`;
}

function editsUnit(count: number | undefined): string {
  return count === 1 ? 'edit' : 'edits';
}

function hourText({ total, unknown }: HourFigures): string {
  const rate = `${formatAverage(total / (60 - unknown))} per minute`;
  return unknown === 0 ? rate : `${rate}, ${unknown} min without data`;
}

interface CardProps {
  readonly name: string;
  /** Undefined: unknown. */
  readonly value: string | undefined;
  readonly unit: string;
  readonly children: ComponentChildren;
}

function Card({ name, value, unit, children }: CardProps) {
  return (
    <div class="card figure">
      <h2>{name}</h2>
      <p class="value">
        {value ?? '–'}
        {value !== undefined && unit !== '' && <span class="unit"> {unit}</span>}
      </p>
      <p class="aside">{children}</p>
    </div>
  );
}
