/** The flags of a range of time: `--hours 24`, or `--from … --to …`. */
import { DAY_MS, HOUR_MS, floorHourMs, isoMs, isoSeconds } from '../core/time.ts';
import { hours, instant } from '../contracts/kinds.ts';
import { badFlag, readFlag } from './bad-flag.ts';

export interface RangeFlags {
  readonly hours?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Instants in [fromMs, toMs), epoch ms. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Reads the range; without flags it is the last `defaultHours`.
 * @throws PipelineError `bad_configuration` that names the flag
 */
export function readRangeFlags(flags: RangeFlags, defaultHours: number, nowMs: number): TimeRange {
  const { hours: back, from, to } = flags;
  const example = `--from ${isoSeconds((floorHourMs(nowMs) - DAY_MS) / 1000)}`;
  if (back !== undefined && (from !== undefined || to !== undefined))
    throw badFlag('--hours', 'either --hours, or --from and --to', 'both', '--hours 24');
  if (to !== undefined && from === undefined) throw badFlag('--to', '--from beside it', 'it alone', example);
  const toMs = to === undefined ? nowMs : instantFlag('--to', to, example);
  if (from === undefined) {
    const reach = back === undefined ? defaultHours : readFlag(hours, '--hours', back, '--hours 24');
    return { fromMs: toMs - reach * HOUR_MS, toMs };
  }
  const fromMs = instantFlag('--from', from, example);
  if (fromMs >= toMs)
    throw badFlag('--from', 'a time before --to (without it: now)', `${from} and ${isoMs(toMs)}`, example);
  return { fromMs, toMs };
}

function instantFlag(flag: string, text: string, example: string): number {
  return Date.parse(readFlag(instant, flag, text, example.replace('--from', flag)));
}
