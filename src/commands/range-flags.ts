/** A range of time as a command is given it: `--hours 24`, or `--from … --to …`. */
import { DAY_MS, HOUR_MS, floorHourMs, isoSeconds } from '../core/time.ts';
import { hours, instant } from '../contracts/temporal/input.ts';
import { badFlag } from './bad-flag.ts';

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
 * Reads the range; without flags it reaches back `usualHours` from now.
 * @throws PipelineError `bad_configuration` that names the flag
 */
export function readRangeFlags(flags: RangeFlags, usualHours: number, nowMs: number): TimeRange {
  const { hours: back, from, to } = flags;
  const example = `--from ${isoSeconds((floorHourMs(nowMs) - DAY_MS) / 1000)}`;
  if (back !== undefined && (from !== undefined || to !== undefined))
    throw badFlag('--hours', 'either --hours, or --from and --to', 'both', '--hours 24');
  if (to !== undefined && from === undefined) throw badFlag('--to', '--from beside it', 'it alone', example);
  const toMs = to === undefined ? nowMs : instantFlag('--to', to, example);
  if (from === undefined)
    return { fromMs: toMs - (back === undefined ? usualHours : hoursFlag(back)) * HOUR_MS, toMs };
  const fromMs = instantFlag('--from', from, example);
  if (fromMs >= toMs)
    throw badFlag('--from', 'a time before --to (without it: now)', `${from} and ${isoOf(toMs)}`, example);
  return { fromMs, toMs };
}

function hoursFlag(text: string): number {
  return hours(/^\d+$/.test(text) ? Number(text) : text, expected => {
    throw badFlag('--hours', expected, JSON.stringify(text), '--hours 24');
  });
}

function instantFlag(flag: string, text: string, example: string): number {
  const iso = instant(text, expected => {
    throw badFlag(flag, expected, JSON.stringify(text), example.replace('--from', flag));
  });
  return Date.parse(iso);
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
