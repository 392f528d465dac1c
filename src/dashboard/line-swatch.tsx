/** The line of a compared wiki, as in the chart: lines differ in how they are broken, not only in colour. */
import { LINE_DASHES } from './line-styles.ts';

export function LineSwatch({ at }: { at: number }) {
  return (
    <svg class="line-swatch" viewBox="0 0 30 8" width="30" height="8" aria-hidden="true">
      <path
        d="M0 4H30"
        style={`stroke: var(--chart-line-${at})`}
        stroke-dasharray={(LINE_DASHES[at] ?? []).join(' ')}
      />
    </svg>
  );
}
