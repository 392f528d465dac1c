/** Measures the compaction of a finished day of gold into one object: its requests, and the size of the object. */
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import type { Hour } from '../../src/core/time.ts';
import { openS3 } from '../../src/store/s3.ts';
import { applyRows, hoursOf, rowsOfHour } from './aged-gold.ts';
import type { MadeUp } from './aged-gold.ts';
import type { MeasuredDay } from './measured.ts';
import { goldOf, openCounted } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

const GOLD = { GOLD: 's3' };

/** Compacts a whole day (ISO date) of the simulated stream, once for all wikis and once for some. */
export async function measureDays(
  day: string,
  some: readonly string[],
  madeUp: MadeUp,
  around: Surroundings,
): Promise<MeasuredDay[]> {
  const hours = hoursOf(day).map(hour => ({ hour, rows: rowsOfHour(hour, madeUp) }));
  const ofSome = hours.map(({ hour, rows }) => ({
    hour,
    rows: rows.filter(({ wiki }) => some.includes(wiki)),
  }));
  return [
    await measureDay(day, { wikis: [], hours }, madeUp, around),
    await measureDay(day, { wikis: some, hours: ofSome }, madeUp, around),
  ];
}

interface DayRows {
  readonly wikis: readonly string[];
  readonly hours: readonly { readonly hour: Hour; readonly rows: readonly MinuteRow[] }[];
}

async function measureDay(
  day: string,
  { wikis, hours }: DayRows,
  madeUp: MadeUp,
  around: Surroundings,
): Promise<MeasuredDay> {
  const bucket = `costs-day-${wikis.join('-') || 'all'}`;
  const { counter, store } = await openCounted(bucket, around);
  await store.prepare('costs');
  const gold = goldOf(GOLD, store, around);
  for (const { hour, rows } of hours) await applyRows(gold, hour, rows, madeUp);
  const countedStore = openS3({ bucket, region: around.region, endpoint: counter.endpoint });
  around.onClose(() => countedStore.close());
  const compacted = await goldOf(GOLD, countedStore, around).days?.compact(day);
  if (compacted?.isChanged !== true) throw new Error(`compaction did not write ${day}`);
  const { rows, bytes } = compacted;
  return { wikis, rows, bytes, requests: counter.counts };
}
