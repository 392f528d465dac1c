/** The controls of the bar: wiki, range and time zone; and the moving average, beside the legend. */
import { useState } from 'preact/hooks';
import { isoSeconds, minuteOf } from '../core/time.ts';
import { formatRange } from './format.ts';
import { movedRange } from './overview.ts';
import { RANGES, RangeSelect } from './range-select.tsx';
import { AVERAGES, rangeBetween, readMinutes } from './url-state.ts';
import type { View } from './url-state.ts';
import { WikiCombobox } from './wiki-combobox.tsx';
import { MAX_MINUTES } from '../contracts/limits.ts';

interface Props {
  readonly view: View;
  /** Name of the wiki. */
  readonly title: string | undefined;
  /** Epoch seconds, by the clock of the server. */
  readonly nowSec: () => number;
  readonly choose: (change: Partial<View>) => void;
}

export function Controls({ view, title, nowSec, choose }: Props) {
  return (
    <section class="controls" aria-label="What to show">
      <WikiCombobox wiki={view.wiki} title={title} choose={wiki => choose({ wiki })} />
      <div class="group" role="group" aria-label="Range">
        <RangeSelect view={view} choose={choose} />
        <button
          type="button"
          class="step"
          aria-label="Earlier"
          onClick={() => choose(movedRange(view, nowSec(), -1))}
        >
          ‹
        </button>
        <div class="segments">
          {RANGES.map(({ minutes, label }) => (
            <button
              type="button"
              key={minutes}
              aria-pressed={view.end === undefined && view.minutes === minutes}
              // Begins with what is seen, so that it can be said to a computer.
              aria-label={`${label}: last ${formatRange(minutes)}`}
              onClick={() => choose({ minutes, end: undefined })}
            >
              {label}
            </button>
          ))}
        </div>
        <button
          type="button"
          class="step"
          aria-label="Later"
          disabled={view.end === undefined}
          onClick={() => choose(movedRange(view, nowSec(), 1))}
        >
          ›
        </button>
        <CustomRange view={view} nowSec={nowSec} choose={choose} />
      </div>
      <div class="segments zone" role="group" aria-label="Time zone of the axis">
        {ZONES.map(([zone, label]) => (
          <button type="button" key={zone} aria-pressed={view.zone === zone} onClick={() => choose({ zone })}>
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}

const ZONES = [
  ['utc', 'UTC'],
  ['local', 'Local'],
] as const;

interface AverageProps {
  readonly average: View['average'];
  readonly choose: (change: Partial<View>) => void;
}

export function AverageSwitch({ average: chosen, choose }: AverageProps) {
  return (
    <fieldset class="group average">
      <legend>Moving average</legend>
      <div class="segments">
        {AVERAGES.map(average => (
          <label key={average}>
            <input
              type="radio"
              name="average"
              checked={chosen === average}
              onChange={() => choose({ average })}
            />
            <span>{average === 0 ? 'Off' : `${average} min`}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Any number of minutes; invalid input falls back to the current value. What is being typed survives a refresh of the page. */
function MinutesField({ minutes, choose }: { minutes: number; choose: (minutes: number) => void }) {
  const [typed, setTyped] = useState<string>();
  const commit = (text: string): void => {
    const wanted = readMinutes(text);
    if (wanted !== undefined && wanted !== minutes) choose(wanted);
    setTyped(undefined);
  };
  return (
    <label class="minutes">
      <input
        type="number"
        inputMode="numeric"
        min={1}
        max={MAX_MINUTES}
        step={1}
        value={typed ?? minutes}
        onInput={event => setTyped(event.currentTarget.value)}
        onChange={event => commit(event.currentTarget.value)}
        aria-label="Minutes to show"
      />
      minutes, up to now
    </label>
  );
}

interface CustomProps {
  readonly view: View;
  readonly nowSec: () => number;
  readonly choose: (change: Partial<View>) => void;
}

/** A range that does not move. It begins with what is shown. */
function CustomRange({ view, nowSec, choose }: CustomProps) {
  const [open, setOpen] = useState(false);
  const [isWrong, setWrong] = useState(false);
  const end = view.end ?? minuteOf(nowSec()) + 60;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const range = rangeBetween(instantOf(fields.get('from')), instantOf(fields.get('to')));
    setWrong(range === undefined);
    if (range === undefined) return;
    choose(range);
    setOpen(false);
  };
  return (
    <details class="custom" open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary data-pressed={view.end !== undefined}>From … to</summary>
      {open && (
        <div class="popover">
          <MinutesField minutes={view.minutes} choose={minutes => choose({ minutes, end: undefined })} />
          <form onSubmit={submit}>
            <label>
              From (UTC)
              <input
                type="datetime-local"
                name="from"
                required
                defaultValue={fieldText(end - view.minutes * 60)}
              />
            </label>
            <label>
              To (UTC)
              <input type="datetime-local" name="to" required defaultValue={fieldText(end)} />
            </label>
            <button type="submit">Show</button>
            {isWrong && (
              <p class="missed" role="alert">
                The end must be after the start.
              </p>
            )}
          </form>
        </div>
      )}
    </details>
  );
}

/** A field has a time without a zone: here it is always UTC. */
function instantOf(field: FormDataEntryValue | null): string | null {
  return typeof field === 'string' ? `${field}Z` : null;
}

function fieldText(second: number): string {
  return isoSeconds(second).slice(0, 16);
}
