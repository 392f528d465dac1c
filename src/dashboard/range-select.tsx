/** The ranges that are chosen most, as one list: for a phone, whose bar has no room for a button each. */
import { formatRange } from './format.ts';
import type { View } from './url-state.ts';

export const RANGES = [
  { minutes: 60, label: '1 h' },
  { minutes: 180, label: '3 h' },
  { minutes: 1_440, label: '24 h' },
  { minutes: 10_080, label: '7 d' },
  { minutes: 43_200, label: '30 d' },
  { minutes: 86_400, label: '60 d' },
] as const;

interface Props {
  readonly view: View;
  readonly choose: (change: Partial<View>) => void;
}

/** Any other range is shown as what it is, and chosen elsewhere. */
export function RangeSelect({ view: { minutes, end }, choose }: Props) {
  const isListed = end === undefined && RANGES.some(range => range.minutes === minutes);
  return (
    <select
      class="range-select"
      aria-label="Range"
      value={isListed ? String(minutes) : ''}
      onChange={event => choose({ minutes: Number(event.currentTarget.value), end: undefined })}
    >
      {!isListed && (
        <option value="" disabled>
          {end === undefined ? formatRange(minutes) : 'Frozen'}
        </option>
      )}
      {RANGES.map(range => (
        <option key={range.minutes} value={String(range.minutes)}>
          {range.label}
        </option>
      ))}
    </select>
  );
}
