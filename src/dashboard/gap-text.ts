/** Descriptions of gaps, shared by the readout, the table and the note under the chart. Pure. */
import type { Gap } from './api-client.ts';
import type { Band } from './bands.ts';
import { formatCount, formatInterval, formatUtcDate } from './format.ts';

const REASONS: Readonly<Record<Gap['cause'], string>> = {
  offsets: 'the stream skipped messages',
  retention: 'no longer available from the source',
  log_lost: 'the commit log was lost',
  handover: 'taken over from an older project',
};

/** `no data (no longer available from the source)`. */
export function gapText({ kind, causes }: Pick<Band, 'kind' | 'causes'>): string {
  const reasons = causes.map(cause => REASONS[cause]).join(', ');
  return `${kind === 'no-data' ? 'no data' : 'incomplete'} (${reasons})`;
}

/** `1 gap`, `3 gaps`. */
export function gapCount(bands: readonly Band[]): string {
  return bands.length === 1 ? '1 gap' : `${formatCount(bands.length)} gaps`;
}

/** More than this would not fit on a short line. */
const MAX_LISTED = 3;

/** The number of gaps and when they were. @param bands ascending, at least one */
export function gapSummary(bands: readonly Band[]): string {
  if (bands.length > MAX_LISTED) {
    const from = Math.min(...bands.map(band => band.from));
    const to = Math.max(...bands.map(band => band.to));
    return `${gapCount(bands)} between ${formatUtcDate(from)} and ${formatUtcDate(to)}.`;
  }
  const each = bands.map(band => `${formatInterval(band.from, band.to)}, ${gapText(band)}`);
  return `${gapCount(bands)}: ${each.join('; ')}.`;
}
