/** What the objects of finished days have of an hour, as `verify` compares it with the hour itself. */
import { goldDayKey } from '../../contracts/storage/object-keys.ts';
import type { DayFooter } from '../../contracts/storage/gold-footers.ts';
import type { MinuteRow } from '../../core/minute-counts.ts';
import { PipelineError } from '../../contracts/errors.ts';
import type { Hour } from '../../core/time.ts';
import type { HourInDay } from '../snapshot.ts';
import { isUnreadable } from '../unreadable-objects.ts';
import type { VersionedStore } from '../../store/object-store.ts';
import { openDay } from './day-object.ts';
import { rowsWithin } from './minutes.ts';
import { totalsIn } from './sums-in-day.ts';

interface ReadDay {
  readonly footer: DayFooter;
  readonly rows: readonly MinuteRow[];
}

type DayStore = Pick<VersionedStore, 'readRange' | 'listObjects'>;

/** Keeps the last day, because hours are verified in order. */
export class DaySnapshots {
  readonly #store: DayStore;
  #last: { readonly day: string; readonly read: Promise<ReadDay | undefined> } | undefined;

  constructor(store: DayStore) {
    this.#store = store;
  }

  /** Undefined where readers do not use the day: it has another version of the hour, or none, or cannot be read. */
  async hour(hour: Hour, etag: string | undefined): Promise<HourInDay | undefined> {
    const day = hour.slice(0, 10);
    if (this.#last?.day !== day) this.#last = { day, read: readDay(this.#store, goldDayKey(day)) };
    const read = await this.#last.read;
    if (read === undefined || etag === undefined || read.footer.hours[hour] !== etag) return undefined;
    const sums = read.footer.sums?.[hour];
    return {
      key: goldDayKey(day),
      rows: rowsWithin(hour, read.rows),
      sums: sums && totalsIn(hour, sums),
    };
  }
}

async function readDay(store: DayStore, key: string): Promise<ReadDay | undefined> {
  try {
    for await (const page of store.listObjects(key)) {
      const listed = page.find(object => object.key === key);
      if (listed === undefined) continue;
      const day = await openDay(store, listed);
      return { footer: day.footer, rows: await day.rows() };
    }
    return undefined;
  } catch (error) {
    // A damaged one is reported among the odd objects; one that has just been replaced is of the latest hours.
    const isReplaced = error instanceof PipelineError && error.code === 'object_changed';
    if (isReplaced || isUnreadable(error)) return undefined;
    throw error;
  }
}
