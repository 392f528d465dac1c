/** The controls of the bar: wiki, range and time zone; and the moving average, beside the legend. */
import { useState } from 'preact/hooks';
import { formatRange } from './format.ts';
import { lazy } from './lazy.tsx';
import { movedRange } from './overview.ts';
import { RANGES, RangeSelect } from './range-select.tsx';
import { AVERAGES, MOST_COMPARED } from './url-state.ts';
import type { View } from './url-state.ts';
import { WikiCombobox } from './wiki-combobox.tsx';

const RangeForm = lazy(async () => (await import('./range-form.tsx')).RangeForm);

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
      <WikiCombobox
        wiki={view.wiki}
        title={title}
        choose={wiki => choose({ wiki })}
        compare={
          view.compare.length < MOST_COMPARED
            ? wiki => choose({ compare: [...new Set([...view.compare, wiki])] })
            : undefined
        }
      />
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

interface CustomProps {
  readonly view: View;
  readonly nowSec: () => number;
  readonly choose: (change: Partial<View>) => void;
}

/** Any other range. */
function CustomRange({ view, nowSec, choose }: CustomProps) {
  const [open, setOpen] = useState(false);
  return (
    <details class="custom" open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary data-pressed={view.end !== undefined}>From … to</summary>
      {open && (
        <div class="popover">
          <RangeForm view={view} nowSec={nowSec} choose={choose} close={() => setOpen(false)} />
        </div>
      )}
    </details>
  );
}
