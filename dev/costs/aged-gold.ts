/**
 * Gold in S3 of some age: a bucket as it is after so many days, with an object an hour and one a finished day. Only the
 * newest hours have all their rows: of the others the number of objects is what counts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { mapBounded } from '../../src/core/map-bounded.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { HOUR_MS, hourOf, hourStartMs, minuteOf } from '../../src/core/time.ts';
import type { Hour } from '../../src/core/time.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { Universe } from '../simulator/universe.ts';

export interface MadeUp {
  readonly seed: number;
  readonly rate: number;
  readonly streamUrl: string;
}

const PARALLEL_HOURS = 16;
const PARALLEL_DAYS = 4;
/** The dashboard's three hours, the averages before them, and the hour that runs. */
const WHOLE_HOURS = 5;

/** Rows of an hour of all wikis as the default settings count them. */
export function rowsOfHour(hour: Hour, { seed, rate }: MadeUp): MinuteRow[] {
  const universe = new Universe({ seed, rate, retentionMs: Infinity });
  const from = (hourStartMs(hour) ?? 0) / 1000;
  const rows = new Map<string, MinuteRow>();
  for (const facts of universe.facts(from, from + HOUR_MS / 1000, Date.now())) {
    for (const { type, wiki, timestamp, bot, bytesChange } of facts) {
      if (type !== 'edit') continue;
      const minute = minuteOf(timestamp);
      const name = `${minute} ${wiki} ${bot}`;
      const known = rows.get(name) ?? { minute, wiki, isBot: bot, edits: 0, bytesChange: 0 };
      rows.set(name, { ...known, edits: known.edits + 1, bytesChange: known.bytesChange + bytesChange });
    }
  }
  return [...rows.values()];
}

/** Adds rows of an hour as a part of their own. */
export async function applyRows(
  gold: GoldStore,
  hour: Hour,
  rows: readonly MinuteRow[],
  { streamUrl, sequence = 1 }: Pick<MadeUp, 'streamUrl'> & { readonly sequence?: number },
): Promise<void> {
  const key = streamPartKey(hour, sequence, 'costs');
  await gold.apply({ key, hour, rows, source: { url: streamUrl, simulated: true } });
}

/** Fills an empty bucket with gold of the days up to now (epoch ms), all finished days compacted. */
export async function ageGold(gold: GoldStore, days: number, nowMs: number, madeUp: MadeUp): Promise<void> {
  const hours = Array.from({ length: days * 24 }, (_, back) => hourOf((nowMs - back * HOUR_MS) / 1000));
  const whole = new Set(hours.slice(0, WHOLE_HOURS));
  await mapBounded(hours, PARALLEL_HOURS, hour => {
    const minute = (hourStartMs(hour) ?? 0) / 1000;
    const one = { minute, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 1 };
    return applyRows(gold, hour, whole.has(hour) ? rowsOfHour(hour, madeUp) : [one], madeUp);
  });
  const { days: finished } = gold;
  if (finished === undefined) throw new Error('this gold keeps no days');
  // S3's clock knows seconds: a day of the same second as its hours would be taken for an old one.
  await sleep(1_100);
  await mapBounded(await finished.stale(nowMs), PARALLEL_DAYS, day => finished.compact(day));
}

/** The hours of a day (ISO date). */
export function hoursOf(day: string): Hour[] {
  return Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, '0')}`);
}
