/**
 * Fills a bucket with gold as it looks after a number of days: one object per hour and one per finished day. Only the
 * newest hours have realistic rows; of the others only the number of objects matters.
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
/** The three hours that the dashboard shows, those that its averages need before them, and the current hour. */
const FULL_HOURS = 5;

/** The rows of an hour, all wikis, counted with default settings. */
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

/** Adds rows of an hour as one part. @returns its key */
export async function applyRows(
  gold: GoldStore,
  hour: Hour,
  rows: readonly MinuteRow[],
  { streamUrl, sequence = 1 }: Pick<MadeUp, 'streamUrl'> & { readonly sequence?: number },
): Promise<string> {
  const key = streamPartKey(hour, sequence, 'costs');
  await gold.apply({ key, hour, rows, source: { url: streamUrl, simulated: true } });
  return key;
}

/** Fills an empty bucket with gold of the days up to `nowMs` (epoch ms), and compacts every finished day. */
export async function ageGold(gold: GoldStore, days: number, nowMs: number, madeUp: MadeUp): Promise<void> {
  const hours = Array.from({ length: days * 24 }, (_, back) => hourOf((nowMs - back * HOUR_MS) / 1000));
  const fullHours = new Set(hours.slice(0, FULL_HOURS));
  await mapBounded(hours, PARALLEL_HOURS, hour => {
    const minute = (hourStartMs(hour) ?? 0) / 1000;
    const one = { minute, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 1 };
    return applyRows(gold, hour, fullHours.has(hour) ? rowsOfHour(hour, madeUp) : [one], madeUp);
  });
  const { days: finished } = gold;
  if (finished === undefined) throw new Error('this gold store has no day objects');
  // S3 timestamps have whole seconds: a day written in the same second as its hours would count as stale.
  await sleep(1_100);
  await mapBounded(await finished.stale(nowMs), PARALLEL_DAYS, day => finished.compact(day));
}

/** The hours of a day (ISO date). */
export function hoursOf(day: string): Hour[] {
  return Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, '0')}`);
}
