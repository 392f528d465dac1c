/** Fills a bucket with gold of many whole days, as it looks once they are compacted: in a minute for a year of some wikis. */
import { goldDayKey, goldHourKey } from '../../src/contracts/storage/object-keys.ts';
import type { DayFooter } from '../../src/contracts/storage/gold-footers.ts';
import { mapBounded } from '../../src/core/map-bounded.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { DAY_MS, MINUTE_MS, hourOf, isoMs } from '../../src/core/time.ts';
import { PARQUET } from '../../src/gold/parquet/hour-object.ts';
import { encodeGold } from '../../src/gold/parquet/row-file.ts';
import type { VersionedStore } from '../../src/store/object-store.ts';

const DAYS_AT_ONCE = 4;
const HOURS_AT_ONCE = 8;
const DAY_MINUTES = DAY_MS / MINUTE_MS;

/** @param rowsOf an epoch second, the start of a minute */
export async function writeDays(
  store: VersionedStore,
  firstDayMs: number,
  days: number,
  rowsOf: (minute: number) => readonly MinuteRow[],
): Promise<void> {
  const starts = Array.from({ length: days }, (_, at) => firstDayMs + at * DAY_MS);
  const hourBody = await encodeGold([], {});
  await mapBounded(starts, DAYS_AT_ONCE, async startMs => {
    const rows = Array.from({ length: DAY_MINUTES }, (_, at) =>
      rowsOf((startMs + at * MINUTE_MS) / 1000),
    ).flat();
    await writeDay(store, isoMs(startMs).slice(0, 10), rows, hourBody);
  });
}

/**
 * What `compactDay` would write of these rows, beside objects of the hours that have none: whoever finds the listed versions
 * in the footer of the day never opens them.
 */
async function writeDay(
  store: VersionedStore,
  day: string,
  rows: readonly MinuteRow[],
  hourBody: Uint8Array,
): Promise<void> {
  const names = [...new Set(rows.map(({ minute }) => hourOf(minute)))];
  const hours = await mapBounded(names, HOURS_AT_ONCE, async hour => {
    const etag = await store.replace(goldHourKey(hour), undefined, hourBody, PARQUET);
    return [hour, etag ?? ''] as const;
  });
  const footer: DayFooter = {
    version: 1,
    day,
    hours: Object.fromEntries(hours),
    latest: Object.fromEntries(rows.map(({ wiki, minute }) => [wiki, minute])),
    rebuilt: Object.fromEntries(
      hours.map(([hour]) => [hour, { rebuiltAtMs: Date.parse(day) + 2 * DAY_MS, hasAddedSince: false }]),
    ),
    reads: {},
  };
  await store.replace(goldDayKey(day), undefined, await encodeGold(rows, footer), PARQUET);
}
