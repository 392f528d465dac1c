/**
 * What the footer of a finished day says its hours add up to, all wikis together: their rows are some megabytes, while those
 * of one wiki lie next to each other and are read as they are.
 */
import type { SumsInDay } from '../../contracts/storage/gold-footers.ts';
import { isObject } from '../../core/json.ts';
import type { MinuteRow } from '../../core/minute-counts.ts';
import { totalsOfHour } from '../../core/series.ts';
import type { HourTotals, MinuteTotals } from '../../core/series.ts';
import type { Hour } from '../../core/time.ts';
import { hourSeconds } from '../hour-seconds.ts';
import { addedUp } from './minutes.ts';

const FIELDS = ['human', 'bot', 'bytes', 'min', 'max', 'early', 'late'] as const;

/** @param rows of the hour, all wikis */
export function sumsOf(hour: Hour, rows: readonly MinuteRow[]): SumsInDay {
  const { hour: _hour, ...sums } = totalsOfHour(hourSeconds(hour)[0], addedUp(rows.map(totalsOfRow)));
  return sums;
}

export function totalsIn(hour: Hour, sums: SumsInDay): HourTotals {
  return { hour: hourSeconds(hour)[0], ...sums };
}

/** Whether a footer that JSON gave has sums as `sumsOf` makes them, or is of an earlier version. */
export function hasSums({ sums = {} }: Readonly<Record<string, unknown>>): boolean {
  return isObject(sums) && Object.values(sums).every(areSums);
}

function areSums(value: unknown): boolean {
  return isObject(value) && FIELDS.every(field => Number.isSafeInteger(value[field]));
}

function totalsOfRow({ minute, isBot, edits, bytesChange }: MinuteRow): MinuteTotals {
  return { minute, human: isBot ? 0 : edits, bot: isBot ? edits : 0, bytes: bytesChange };
}
