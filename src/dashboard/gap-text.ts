/** What is said of a gap: in the readout, the table and under the chart the same words. Pure. */
import type { Gap } from '../api/schemas/gaps.ts';
import type { Band } from './bands.ts';
import { formatCount, formatStretch, formatUtcDate } from './format.ts';

const REASONS: Readonly<Record<Gap['cause'], string>> = {
  offsets: 'the stream skipped messages',
  retention: 'older than the source keeps',
  log_lost: 'the commit log was lost',
};

/** `no data (older than the source keeps)`. */
export function gapText({ kind, causes }: Pick<Band, 'kind' | 'causes'>): string {
  const reasons = causes.map(cause => REASONS[cause]).join(', ');
  return `${kind === 'no-data' ? 'no data' : 'incomplete'} (${reasons})`;
}

/** `1 gap`, `3 gaps`. */
export function gapCount(bands: readonly Band[]): string {
  return bands.length === 1 ? '1 gap' : `${formatCount(bands.length)} gaps`;
}

/** More than this is no short line. */
const MOST_LISTED = 3;

/** How many gaps there are and from when to when. @param bands ascending, at least one */
export function gapSummary(bands: readonly Band[]): string {
  if (bands.length > MOST_LISTED) {
    const from = Math.min(...bands.map(band => band.from));
    const to = Math.max(...bands.map(band => band.to));
    return `${gapCount(bands)} between ${formatUtcDate(from)} and ${formatUtcDate(to)}.`;
  }
  const each = bands.map(band => `${formatStretch(band.from, band.to)}, ${gapText(band)}`);
  return `${gapCount(bands)}: ${each.join('; ')}.`;
}
