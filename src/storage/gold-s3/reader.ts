/**
 * ⑦ Reads gold from S3 for the API. Which objects there are, and in which version, is known by listings that are some
 * seconds old at most; what a version holds never changes, so that it is kept in memory, within bounds, under its tag.
 * Long ranges are read from the objects of days, a few ranges each; what those do not have yet, from those of hours.
 */
import { LRUCache } from 'lru-cache';
import { GOLD_DAYS, GOLD_HOURS, dayOfGoldKey, goldHourPrefix, hourOfGoldKey } from '../../core/ids.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { PipelineError } from '../../core/pipeline-error.ts';
import { HOUR_MS, hourOf, hourStartMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { MinuteEdits } from '../gold.ts';
import { GoldFile } from '../gold-parquet.ts';
import type { ListedObject, VersionedStore } from '../object-store.ts';
import { openDay } from './day-object.ts';
import type { DayFacts, OpenDay } from './day-object.ts';
import { Listing } from './listing.ts';
import { WikiMinutes, WikiNumbers, minutesByWiki } from './minutes.ts';

/** How old what is known of the hours may be: a change is seen within this. */
const HOURS_MAX_AGE_MS = 2_000;
/** Of days: they only save requests, what they say is held against the hours. */
const DAYS_MAX_AGE_MS = 60_000;
/**
 * Memory for decoded hours (about 80 kB each on all wikis, so that weeks fit), for the footers of days (see below), for
 * what was read of wikis from them, and for which wikis each day has (about 5 kB each, so that decades fit: who asks for
 * all wikis asks for every day).
 */
const BOUNDS = { hours: 48 << 20, days: 24 << 20, wikiDays: 24 << 20, latest: 48 << 20 };
/** A footer in memory. */
const OPEN_DAY_BYTES = 100 << 10;
/** What a map's entry, or an empty value, takes in memory. */
const ENTRY_BYTES = 100;
/** The versions of a day's hours in memory. */
const DAY_LATEST_BYTES = 2_500;
const PARALLEL_READS = 16;
/** Fewer hours than this are read as they are: a day takes a footer and a range. */
const LEAST_HOURS_OF_DAY = 3;
/** Where the newest hours are looked for first. */
const RECENT_MS = 48 * HOUR_MS;
const MAX_TRIES = 5;

interface HourMinutes {
  readonly wikis: ReadonlyMap<string, WikiMinutes>;
  readonly bytes: number;
}

/** Which wikis a day has, and of which hours it was made. */
interface DayLatest {
  readonly hours: DayFacts['hours'];
  /** See `WikiNumbers`. */
  readonly latest: Uint32Array;
}

/** The hours of a day that are wanted, in their present versions, and the day's own object where there is one. */
interface DayView {
  readonly day: string;
  readonly hours: ReadonlyMap<Hour, ListedObject>;
  readonly object: ListedObject | undefined;
}

export class GoldS3Reader {
  readonly #store: VersionedStore;
  readonly #hours: Listing;
  readonly #days: Listing;
  readonly #hourCache: LRUCache<string, HourMinutes, ListedObject>;
  readonly #dayCache: LRUCache<string, OpenDay, ListedObject>;
  readonly #wikiDayCache: LRUCache<string, WikiMinutes, () => Promise<WikiMinutes>>;
  readonly #latestCache: LRUCache<string, DayLatest, ListedObject>;
  readonly #names = new WikiNumbers();
  readonly #now: () => number;

  constructor(store: VersionedStore, now: () => number, bounds = BOUNDS) {
    this.#store = store;
    this.#now = now;
    this.#hours = new Listing(store, GOLD_HOURS, HOURS_MAX_AGE_MS);
    this.#days = new Listing(store, GOLD_DAYS, DAYS_MAX_AGE_MS);
    // However many ask for a version at once, it is fetched once; whoever asked gets it, though it is too much to keep.
    const fetching = { ignoreFetchAbort: true };
    this.#hourCache = new LRUCache({
      ...fetching,
      maxSize: bounds.hours,
      sizeCalculation: ({ bytes }) => bytes,
      fetchMethod: (_name, _stale, { context }) => this.#readHour(context),
    });
    this.#dayCache = new LRUCache({
      ...fetching,
      maxSize: bounds.days,
      sizeCalculation: () => OPEN_DAY_BYTES,
      fetchMethod: (_name, _stale, { context }) => openDay(this.#store, context),
    });
    this.#wikiDayCache = new LRUCache({
      ...fetching,
      maxSize: bounds.wikiDays,
      sizeCalculation: ({ bytes }) => ENTRY_BYTES + bytes,
      fetchMethod: (_name, _stale, { context }) => context(),
    });
    this.#latestCache = new LRUCache({
      ...fetching,
      maxSize: bounds.latest,
      sizeCalculation: ({ latest }) => DAY_LATEST_BYTES + latest.byteLength,
      fetchMethod: async (name, _stale, { context }) => {
        // Footers of all history would drive out those that charts are drawn from.
        const { facts } = this.#dayCache.get(name) ?? (await openDay(this.#store, context));
        return { hours: facts.hours, latest: this.#names.pack(facts.latest) };
      },
    });
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
      day,
      hours: ofDay,
      object: ofDay.size >= LEAST_HOURS_OF_DAY ? objects.get(day) : undefined,
    }));
  }

  async #ofDay(day: DayView, wiki: string): Promise<MinuteEdits[]> {
    const open = await this.#open(day);
    const agreeing = open === undefined ? [] : agreeingHours(day, open.facts.hours);
    const others = [...day.hours].filter(([hour]) => !agreeing.includes(hour));
    const ofHours = mapBounded(others, PARALLEL_READS, async ([hour, object]) => {
      const { wikis } = await this.#hour(object);
      return [...(wikis.get(wiki)?.between(...boundsOf(hour)) ?? [])];
    });
    const { object } = day;
    if (open === undefined || object === undefined || agreeing.length === 0) return (await ofHours).flat();
    const [minutes, ...rest] = await Promise.all([
      fetched(
        this.#wikiDayCache.fetch(`${object.etag} ${wiki}`, {
          context: async () => new WikiMinutes(await open.rowsOf(wiki)),
        }),
      ),
      ofHours,
    ]);
    const ofDay = agreeing.flatMap(hour => [...minutes.between(...boundsOf(hour))]);
    return [...ofDay, ...rest.flat(2)].sort((a, b) => a.minute - b.minute);
  }

  async #latestOfDay(day: DayView): Promise<ReadonlyMap<string, number>> {
    const { object } = day;
    if (object !== undefined) {
      const name = `${object.key} ${object.etag}`;
      const known = await fetched(this.#latestCache.fetch(name, { context: object }));
      if (agreeingHours(day, known.hours).length === day.hours.size) return this.#names.unpack(known.latest);
    }
    const latest = new Map<string, number>();
    const read = await mapBounded([...day.hours.values()], PARALLEL_READS, object => this.#hour(object));
    for (const { wikis } of read)
      for (const [wiki, minutes] of wikis) latest.set(wiki, Math.max(latest.get(wiki) ?? 0, minutes.last));
    return latest;
  }

  /** The day's object, where it can serve enough hours. */
  async #open({ object }: DayView): Promise<OpenDay | undefined> {
    return object === undefined
      ? undefined
      : fetched(this.#dayCache.fetch(`${object.key} ${object.etag}`, { context: object }));
  }

  #hour(object: ListedObject): Promise<HourMinutes> {
    return fetched(this.#hourCache.fetch(`${object.key} ${object.etag}`, { context: object }));
  }

  async #readHour({ key, etag }: ListedObject): Promise<HourMinutes> {
    const version = await this.#store.read(key);
    if (version?.etag !== etag) throw moved(key);
    const file = await GoldFile.of(version.body);
    const wikis = minutesByWiki(await file.rows());
    const bytes = [...wikis.values()].reduce(
      (sum, minutes) => sum + ENTRY_BYTES + minutes.bytes,
      ENTRY_BYTES,
    );
    return { wikis, bytes };
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

/** Hours of which a day has the present version. */
function agreeingHours({ hours }: DayView, ofDay: DayFacts['hours']): Hour[] {
  return [...hours].filter(([hour, { etag }]) => ofDay[hour] === etag).map(([hour]) => hour);
}

/** Epoch seconds. */
function boundsOf(hour: Hour): [from: number, to: number] {
  const from = (hourStartMs(hour) ?? 0) / 1000;
  return [from, from + HOUR_MS / 1000];
}

/** The cache answers nothing only when it was told to give up, which nobody does. */
async function fetched<T>(fetching: Promise<T | undefined>): Promise<T> {
  const value = await fetching;
  if (value === undefined) throw new Error('a cache gave up what it was asked for');
  return value;
}

function moved(key: string): PipelineError {
  return new PipelineError(`${key} was replaced since it was listed`, {
    code: 'object_changed',
    op: 'read gold',
    subject: key,
    retryable: true,
  });
}
