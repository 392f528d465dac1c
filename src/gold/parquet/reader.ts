/**
 * ⑦ Reads gold from S3 for the API. Which objects there are, and in which version, is known by listings that are some
 * seconds old at most; what a version holds never changes, so that it is kept in memory, within bounds, under its tag.
 * Long ranges are read from the objects of days, a few ranges each; what those do not have yet, from those of hours.
 */
import { GOLD_DAYS, GOLD_HOURS, dayOfGoldKey, goldHourPrefix, hourOfGoldKey } from '../../contracts/storage/object-keys.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { HOUR_MS, hourOf, hourStartMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { MinuteEdits } from '../gold-store.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import type { DayFacts } from './day-object.ts';
import { Listing } from './listing.ts';
import { VersionCache } from './version-cache.ts';

/** How old what is known of the hours may be: a change is seen within this. */
const HOURS_MAX_AGE_MS = 2_000;
/** Of days: they only save requests, what they say is held against the hours. */
const DAYS_MAX_AGE_MS = 60_000;
const PARALLEL_READS = 16;
/** Fewer hours than this are read as they are: a day takes a footer and a range. */
const LEAST_HOURS_OF_DAY = 3;
/** Where the newest hours are looked for first. */
const RECENT_MS = 48 * HOUR_MS;
const MAX_TRIES = 5;

/** The hours of a day that are wanted, in their present versions, and the day's own object where there is one. */
interface DayView {
  readonly hours: ReadonlyMap<Hour, ListedObject>;
  readonly object: ListedObject | undefined;
}

export class GoldS3Reader {
  readonly #hours: Listing;
  readonly #days: Listing;
  readonly #versions: VersionCache;
  readonly #now: () => number;

  constructor(store: VersionedStore, now: () => number, versions = new VersionCache(store)) {
    this.#now = now;
    this.#hours = new Listing(store, GOLD_HOURS, HOURS_MAX_AGE_MS);
    this.#days = new Listing(store, GOLD_DAYS, DAYS_MAX_AGE_MS);
    this.#versions = versions;
  }

  /** Minutes of a wiki with at least one edit, ascending, from an epoch second on. */
  async edits(wiki: string, fromMinute: number): Promise<MinuteEdits[]> {
    return this.#steadily(async () => {
      const days = await this.#daysSince(hourOf(fromMinute));
      const found = await mapBounded(days, PARALLEL_READS, day => this.#ofDay(day, wiki));
      return found.flat().filter(({ minute }) => minute >= fromMinute);
    });
  }

  /** Wikis that have counts, latest activity first. */
  async wikis(limit: number): Promise<string[]> {
    const latest = await this.#steadily(() => this.#latest(found => found.size >= limit));
    const byActivity = [...latest].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return byActivity.slice(0, limit).map(([wiki]) => wiki);
  }

  /** The newest minute that any wiki has an edit in, epoch seconds. */
  async lastMinute(): Promise<number | undefined> {
    const latest = await this.#steadily(() => this.#latest(found => found.size > 0));
    return latest.size === 0 ? undefined : Math.max(...latest.values());
  }

  /** What was written is to be seen by the next question. */
  forget(): void {
    this.#hours.forget();
    this.#days.forget();
  }

  /**
   * The latest minute of each wiki, from the newest day back until it is enough: what an older day has is older than all
   * that was found.
   */
  async #latest(
    isEnough: (found: ReadonlyMap<string, number>) => boolean,
  ): Promise<ReadonlyMap<string, number>> {
    const recent = hourOf((this.#now() - RECENT_MS) / 1000);
    const found = new Map<string, number>();
    for (const since of [recent, undefined]) {
      found.clear();
      const days = (await this.#daysSince(since)).toReversed();
      for (let at = 0; at < days.length; at += PARALLEL_READS) {
        const read = days.slice(at, at + PARALLEL_READS).map(day => this.#latestOfDay(day));
        for (const latest of await Promise.all(read)) {
          for (const [wiki, minute] of latest) if (!found.has(wiki)) found.set(wiki, minute);
          if (isEnough(found)) return found;
        }
      }
    }
    return found;
  }

  /** Days with hours from `since` on, in order. */
  async #daysSince(since: Hour | undefined): Promise<DayView[]> {
    const listed = await this.#hours.since(since === undefined ? GOLD_HOURS : goldHourPrefix(since));
    const hours = new Map<string, Map<Hour, ListedObject>>();
    for (const object of listed) {
      const hour = hourOfGoldKey(object.key);
      if (hour === undefined) continue;
      const day = hour.slice(0, 10);
      hours.set(day, (hours.get(day) ?? new Map<Hour, ListedObject>()).set(hour, object));
    }
    const first = [...hours].find(([, { size }]) => size >= LEAST_HOURS_OF_DAY)?.[0];
    const days = first === undefined ? [] : await this.#days.since(GOLD_DAYS);
    const objects = new Map(days.map(object => [dayOfGoldKey(object.key) ?? '', object]));
    return [...hours].map(([day, ofDay]) => ({
      hours: ofDay,
      object: ofDay.size >= LEAST_HOURS_OF_DAY ? objects.get(day) : undefined,
    }));
  }

  async #ofDay({ hours, object }: DayView, wiki: string): Promise<MinuteEdits[]> {
    const day = object === undefined ? undefined : await this.#versions.day(object);
    const agreeing = day === undefined ? [] : agreeingHours(hours, day.facts.hours);
    const others = [...hours].filter(([hour]) => !agreeing.includes(hour));
    const ofHours = mapBounded(others, PARALLEL_READS, async ([hour, object]) => {
      const wikis = await this.#versions.hour(object);
      return [...(wikis.get(wiki)?.between(...boundsOf(hour)) ?? [])];
    });
    if (day === undefined || object === undefined || agreeing.length === 0) return (await ofHours).flat();
    const [minutes, ...rest] = await Promise.all([this.#versions.wikiOfDay(object, day, wiki), ofHours]);
    const ofDay = agreeing.flatMap(hour => [...minutes.between(...boundsOf(hour))]);
    return [...ofDay, ...rest.flat(2)].sort((a, b) => a.minute - b.minute);
  }

  async #latestOfDay({ hours, object }: DayView): Promise<ReadonlyMap<string, number>> {
    if (object !== undefined) {
      const known = await this.#versions.latestOfDay(object);
      if (agreeingHours(hours, known.hours).length === hours.size) return known.latest;
    }
    const latest = new Map<string, number>();
    const read = await mapBounded([...hours.values()], PARALLEL_READS, hour => this.#versions.hour(hour));
    for (const wikis of read)
      for (const [wiki, minutes] of wikis) latest.set(wiki, Math.max(latest.get(wiki) ?? 0, minutes.last));
    return latest;
  }

  /** Asks again, by new listings, when an object was replaced since it was listed. */
  async #steadily<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        const isPassing =
          error instanceof PipelineError &&
          (error.code === 'object_changed' || error.code === 'object_unreadable');
        if (!isPassing || tries === MAX_TRIES) throw error;
        this.forget();
      }
    }
  }
}

/** Those hours of which a day has the present version. */
function agreeingHours(hours: DayView['hours'], ofDay: DayFacts['hours']): Hour[] {
  return [...hours].filter(([hour, { etag }]) => ofDay[hour] === etag).map(([hour]) => hour);
}

/** Epoch seconds. */
function boundsOf(hour: Hour): [from: number, to: number] {
  const from = (hourStartMs(hour) ?? 0) / 1000;
  return [from, from + HOUR_MS / 1000];
}
