/** Any range: so many minutes up to now, or one between two times, which does not move. */
import { useState } from 'preact/hooks';
import { MAX_MINUTES } from '../contracts/limits.ts';
import { isoSeconds, minuteOf } from '../core/time.ts';
import { rangeBetween, readMinutes } from './url-state.ts';
import type { View } from './url-state.ts';

export interface RangeFormProps {
  readonly view: View;
  /** Epoch seconds, by the clock of the server. */
  readonly nowSec: () => number;
  readonly choose: (change: Partial<View>) => void;
  readonly close: () => void;
}

/** It begins with what is shown. */
export function RangeForm({ view, nowSec, choose, close }: RangeFormProps) {
  const [isWrong, setWrong] = useState(false);
  const end = view.end ?? minuteOf(nowSec()) + 60;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const range = rangeBetween(instantOf(fields.get('from')), instantOf(fields.get('to')));
    setWrong(range === undefined);
    if (range === undefined) return;
    choose(range);
    close();
  };
  return (
    <>
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
    </>
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

/** A field has a time without a zone: here it is always UTC. */
function instantOf(field: FormDataEntryValue | null): string | null {
  return typeof field === 'string' ? `${field}Z` : null;
}

function fieldText(second: number): string {
  return isoSeconds(second).slice(0, 16);
}
