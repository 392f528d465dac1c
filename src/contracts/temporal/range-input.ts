/** The range of hours that an input asks for: the last `hours`, or `from` and `to`. */
import { HOUR_MS, ceilHourMs, floorHourMs, isoMs } from '../../core/time.ts';
import { DEFAULT_HOURS } from '../limits.ts';
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
 * Reads the range, widened to whole hours.
 * @param example for messages: `Example: …`
 * @throws ApplicationFailure `InvalidInput`
 */
export function readHourRange(
  workflow: string,
  { hours, from, to }: RangeFields,
  example: string,
): HourRange {
  if (hours !== undefined && (from !== undefined || to !== undefined)) {
    throw invalidInput(`${workflow}: give hours, or from and to, not both. ${example}`, 'hours');
  }
  if (to !== undefined && from === undefined) {
    throw invalidInput(`${workflow}: got to without from. ${example}`, 'from');
  }
  // In a workflow, Date.now() is the server's time and the same in every replay.
  const toMs = ceilHourMs(to === undefined ? Date.now() : Date.parse(to));
  const fromMs =
    from === undefined ? toMs - (hours ?? DEFAULT_HOURS) * HOUR_MS : floorHourMs(Date.parse(from));
  if (fromMs >= toMs) {
    const got = `${isoMs(fromMs)} and ${isoMs(toMs)}`;
    throw invalidInput(`${workflow}: from must lie before to, got ${got}. ${example}`, 'from');
  }
  return { fromMs, toMs };
}
