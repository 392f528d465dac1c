/** The last minutes as a small line, with holes where nothing is known. Screen readers have its ends. */
import { formatCount } from './format.ts';

interface Props {
  /** Edits of each minute, null where nothing is known. */
  readonly minutes: readonly (number | null)[];
}

const WIDTH = 120;
const HEIGHT = 24;

export function Sparkline({ minutes }: Props) {
  const known = minutes.filter(edits => edits !== null);
  if (known.length === 0) return <span class="aside">not known</span>;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${formatCount(least)} to ${formatCount(most)} a minute`}
    >
      <path d={lineOf(minutes, most)} />
    </svg>
  );
}

function lineOf(minutes: readonly (number | null)[], most: number): string {
  const step = WIDTH / minutes.length;
  return minutes
    .map((edits, at) => {
      if (edits === null) return '';
      const y = (HEIGHT - 1 - (edits / Math.max(most, 1)) * (HEIGHT - 2)).toFixed(1);
      const start = (minutes[at - 1] ?? null) === null ? `M${(at * step).toFixed(1)} ${y}` : `V${y}`;
      return `${start}h${step.toFixed(1)}`;
    })
    .join('');
}
