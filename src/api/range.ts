/** The range that the parameters `minutes`, or `from` and `to`, select. */
import { instant } from '../contracts/kinds.ts';
import { DEFAULT_MINUTES } from '../contracts/limits.ts';
import { isInstant, minuteOf } from '../core/time.ts';
import { wrongParameter } from './plugins/parameters.ts';

/**
 * The first of the last `minutes` minutes, in epoch seconds. The current minute counts as one of them, so `minutes=1`
 * is the current minute.
 */
export function firstMinute(nowMs: number, minutes: number = DEFAULT_MINUTES): number {
  return minuteOf(nowMs / 1000) - (minutes - 1) * 60;
}

/** The end of the current minute, in epoch seconds: later ones are in the future. */
export function endOfMinute(nowMs: number): number {
  return minuteOf(nowMs / 1000) + 60;
}

/** `minutes`, or `from` and `to`, or neither. */
interface RangeQuery {
  readonly from?: string;
  readonly to?: string;
  readonly minutes?: number;
}

/**
 * The whole minutes asked for that have begun, epoch seconds.
 * @param unasked how many of the last minutes, where the query names no range
 * @throws WrongParameters
 */
export function rangeAsked(
  query: RangeQuery,
  nowMs: number,
  unasked?: number,
): readonly [from: number, to: number] {
  const [from, to] = wholeRange(query, nowMs, unasked);
  return [from, Math.max(from, Math.min(to, endOfMinute(nowMs)))];
}

function wholeRange(
  { from, to, minutes }: RangeQuery,
  nowMs: number,
  unasked: number | undefined,
): readonly [from: number, to: number] {
  if (from === undefined && to === undefined)
    return [firstMinute(nowMs, minutes ?? unasked), endOfMinute(nowMs)];
  if (minutes !== undefined)
    throw wrongParameter('minutes', String(minutes), 'either minutes or from and to', 'minutes=180');
  const start = secondOf('from', from);
  const end = secondOf('to', to);
  if (start >= end) throw wrongParameter('to', to ?? null, `a time after from, ${from}`, RANGE_EXAMPLES.to);
  return [start, end];
}

export const RANGE_EXAMPLES = { from: 'from=2026-11-20T10:00:00Z', to: 'to=2026-11-20T12:00:00Z' };

/** Whole minutes: no bucket is shorter. */
function secondOf(name: 'from' | 'to', text: string | undefined): number {
  if (text === undefined || !isInstant(text))
    throw wrongParameter(
      name,
      text ?? null,
      `${instant.expected}; from and to belong together`,
      RANGE_EXAMPLES[name],
    );
  const seconds = Date.parse(text) / 1000;
  return name === 'from' ? minuteOf(seconds) : -minuteOf(-seconds);
}
