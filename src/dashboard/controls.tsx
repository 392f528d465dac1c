/** The controls above the chart: wiki, range and moving average. */
import { useState } from 'preact/hooks';
import { formatRange } from './format.ts';
import { AVERAGES, readMinutes } from './url-state.ts';
import type { View } from './url-state.ts';
import { WikiSelect } from './wiki-select.tsx';
import { MAX_MINUTES } from '../contracts/limits.ts';

const RANGES = [
  { minutes: 60, label: '1 h' },
  { minutes: 180, label: '3 h' },
  { minutes: 1_440, label: '24 h' },
  { minutes: 10_080, label: '7 d' },
] as const;

interface Props {
  readonly view: View;
  readonly wikis: readonly string[] | undefined;
  readonly choose: (change: Partial<View>) => void;
}

export function Controls({ view, wikis, choose }: Props) {
  return (
    <section class="controls" aria-label="What to show">
      <WikiSelect wiki={view.wiki} wikis={wikis} choose={wiki => choose({ wiki })} />
      <fieldset class="group">
        <legend>Range</legend>
        <div class="segments">
          {RANGES.map(({ minutes, label }) => (
            <button
              type="button"
              key={minutes}
              aria-pressed={view.minutes === minutes}
              aria-label={`Last ${formatRange(minutes)}`}
              onClick={() => choose({ minutes })}
            >
              {label}
            </button>
          ))}
        </div>
        <MinutesField minutes={view.minutes} choose={minutes => choose({ minutes })} />
      </fieldset>
      <fieldset class="group">
        <legend>Moving average</legend>
        <div class="segments">
          {AVERAGES.map(average => (
            <label key={average}>
              <input
                type="radio"
                name="average"
                checked={view.average === average}
                onChange={() => choose({ average })}
              />
              <span>{average === 0 ? 'Off' : `${average} min`}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </section>
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
      min
    </label>
  );
}
