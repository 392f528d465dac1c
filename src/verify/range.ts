/** Which hours a verification looks at, from the flags of the command. Pure. */
import { HOUR_MS, hourStartMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

export interface RangeFlags {
  readonly hours?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Hours that begin in [fromMs, toMs). */
export interface HourRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly hours: readonly Hour[];
}

const DEFAULT_HOURS = 24;
const MAX_HOURS = 87_600;
/** A date alone, or with a time of day; with neither a zone nor a Z it is UTC. */
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** The range, or what is wrong with the flags, one line each. */
export function readRange(flags: RangeFlags, nowMs: number): HourRange | readonly string[] {
  const problems: string[] = [];
  const { hours, from, to } = flags;
  const example = 'Example: --from 2026-11-20T10:00Z --to 2026-11-20T12:00Z';
  const instant = (name: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const ms = instantOf(text);
    if (ms === undefined)
      problems.push(`--${name}: expected a time in ISO 8601, got ${JSON.stringify(text)}. ${example}`);
    return ms;
  };
  const fromMs = instant('from', from);
  const toMs = instant('to', to);
  if (hours !== undefined && (from !== undefined || to !== undefined))
    problems.push(`--hours: expected --hours alone, or --from with --to, got both. ${example}`);
  else if (hours !== undefined && !(/^\d+$/.test(hours) && Number(hours) >= 1 && Number(hours) <= MAX_HOURS))
    problems.push(
      `--hours: expected a whole number from 1 to ${MAX_HOURS}, got ${JSON.stringify(hours)}. Example: --hours ${DEFAULT_HOURS}`,
    );
  if (to !== undefined && from === undefined)
    problems.push(`--to: expected --from with it, got none. ${example}`);
  if (problems.length > 0) return problems;

  const endMs = toMs ?? (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS;
  const startMs = floorHour(fromMs ?? endMs - Number(hours ?? DEFAULT_HOURS) * HOUR_MS);
  const count = Math.ceil((endMs - startMs) / HOUR_MS);
  if (count < 1)
    return [`--from: expected a time before --to, got ${from ?? ''} and ${to ?? 'now'}. ${example}`];
  if (count > MAX_HOURS) return [`--from: expected at most ${MAX_HOURS} hours, got ${count}. ${example}`];
  const all = Array.from({ length: count }, (_, i) => startMs + i * HOUR_MS);
  return {
    fromMs: startMs,
    toMs: startMs + count * HOUR_MS,
    hours: all.map(ms => new Date(ms).toISOString().slice(0, 13)),
  };
}

function instantOf(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  const [date = '', time = ''] = text.split('T');
  // Date.parse takes the next day for one that does not exist.
  if (hourStartMs(`${date}T00`) === undefined) return undefined;
  const withMinutes = /^\d\d(?!:)/.test(time) ? time.replace(/^\d\d/, '$&:00') : time;
  const zoned =
    withMinutes === '' || /(Z|[+-]\d\d:\d\d)$/.test(withMinutes) ? withMinutes : `${withMinutes}Z`;
  const ms = Date.parse(zoned === '' ? date : `${date}T${zoned}`);
  return Number.isFinite(ms) ? ms : undefined;
}

function floorHour(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}
