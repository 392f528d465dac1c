/** The range of hours that an input asks for: `hours` that reach back from now, or `from` and `to`. */
import { HOUR_MS } from '../../core/time.ts';
import { invalidInput } from './input.ts';

/** Instants in [fromMs, toMs), epoch ms, both on full hours. */
export interface HourRange {
  readonly fromMs: number;
  readonly toMs: number;
}

interface RangeFields {
  readonly hours?: number;
  readonly from?: string;
  readonly to?: string;
}

/**
 * Whole hours: `to` is the next full hour, so that the last one is in the range.
 * @param such an example, for messages
 * @throws ApplicationFailure `InvalidInput`
 */
export function readHourRange(
  workflow: string,
  { hours, from, to }: RangeFields,
  usualHours: number,
  such: string,
): HourRange {
  if (hours !== undefined && (from !== undefined || to !== undefined)) {
    throw invalidInput(`${workflow}: give hours, or from and to, not both. ${such}`, 'hours');
  }
  if (to !== undefined && from === undefined) {
    throw invalidInput(`${workflow}: to without from. ${such}`, 'from');
  }
  // In a workflow this is the time of its server, the same at every replay.
  const toMs = Math.ceil((to === undefined ? Date.now() : Date.parse(to)) / HOUR_MS) * HOUR_MS;
  const fromMs =
    from === undefined
      ? toMs - (hours ?? usualHours) * HOUR_MS
      : Math.floor(Date.parse(from) / HOUR_MS) * HOUR_MS;
  if (fromMs >= toMs) {
    const got = `${new Date(fromMs).toISOString()} and ${new Date(toMs).toISOString()}`;
    throw invalidInput(`${workflow}: from must lie before to, got ${got}. ${such}`, 'from');
  }
  return { fromMs, toMs };
}
