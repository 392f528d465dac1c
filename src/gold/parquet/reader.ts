/**
 * ⑦ Reads gold from S3 for the API. Listings, at most a few seconds old, say which objects exist in which version.
 * The content of a version never changes, so it is cached by its ETag. Long ranges come from the objects of days, with
 * a few requests each; hours that those lack, or have in an older version, come from the objects of hours.
 */
import type { DayFooter, ReadsInDay } from '../../contracts/storage/gold-footers.ts';
import {
  GOLD_DAYS,
  GOLD_HOURS,
  dayOfGoldKey,
  goldHourKey,
  goldHourPrefix,
  hourOfGoldKey,
  hourOfPartKey,
} from '../../contracts/storage/object-keys.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { DAY_MS, HOUR_MS, hourOf, hourStartMs } from '../../core/time.ts';
import type { HourRebuilt } from '../../core/coverage/known.ts';
import type { Hour } from '../../core/time.ts';
import { HOUR_SECONDS } from '../../core/series.ts';
import type { HourTotals, MinuteTotals } from '../../core/series.ts';
import type { AuditedHour, MinuteEdits, WikiActivity } from '../gold-store.ts';
import { hourSeconds } from '../hour-seconds.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { UnreadableObjects } from '../unreadable-objects.ts';
import { partName } from './hour-state.ts';
import { Listing } from './listing.ts';
import { ListingAge } from './listing-age.ts';
import { addedUp } from './minutes.ts';
import type { WikiMinutes } from './minutes.ts';
import { totalsIn } from './sums-in-day.ts';
import { VersionCache } from './version-cache.ts';

/** Maximum age of the listing of hours: a change is visible within this time. */
const HOURS_MAX_AGE_MS = 2_000;
/** Can be older for days: a day is used only where it matches the listed hours. */
const DAYS_MAX_AGE_MS = 60_000;
const PARALLEL_READS = 16;
/** For fewer hours than this a day saves nothing: it takes two requests, for the footer and the rows. */
const MIN_HOURS_FOR_DAY = 3;
/** The newest minutes are searched here first. */
const RECENT_MS = 48 * HOUR_MS;
const MAX_TRIES = 5;

/** The wanted hours of a day in their current versions, and the day's own object if there is one. */
interface DayView {
  readonly hours: ReadonlyMap<Hour, ListedObject>;
  readonly object: ListedObject | undefined;
}

export class GoldS3Reader {
  readonly #hours: Listing;
  readonly #days: Listing;
  readonly #versions: VersionCache;
  readonly #now: () => number;
  readonly #unreadable: UnreadableObjects;

  /** @param unreadable learns which objects were skipped */
  constructor(
    store: VersionedStore,
    now: () => number,
    versions = new VersionCache(store),
    unreadable = new UnreadableObjects(now),
    age = new ListingAge(),
  ) {
    this.#now = now;
    this.#unreadable = unreadable;
    this.#hours = new Listing(store, GOLD_HOURS, HOURS_MAX_AGE_MS, age);
    this.#days = new Listing(store, GOLD_DAYS, DAYS_MAX_AGE_MS, age);
    this.#versions = versions;
  }

  /** Minutes of a wiki with at least one edit, ascending, starting at an epoch second. */
  async edits(wiki: string, fromMinute: number, stopSignal?: AbortSignal): Promise<MinuteEdits[]> {
    return this.#retrying(async () => {
      const days = await this.#daysSince(hourOf(fromMinute));
      const found = await mapBounded(days, PARALLEL_READS, async day => {
        stopSignal?.throwIfAborted();
        return this.#ofDay(day, wiki);
      });
      return found
        .flat()
        .filter(({ minute }) => minute >= fromMinute)
        .map(({ minute, human, bot }) => ({ minute, human, bot }));
    });
  }

  /** Minutes with at least one edit in [fromMinute, toMinute), ascending; without a wiki, of all of them together. */
  async totals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<MinuteTotals[]> {
    return this.#retrying(async () => {
      const days = await this.#daysBetween(fromMinute, toMinute);
      // A day of all wikis takes some ten megabytes while it is added up.
      const found = await mapBounded(days, wiki === undefined ? 1 : PARALLEL_READS, async day => {
        stopSignal.throwIfAborted();
        return this.#ofDay(day, wiki);
      });
      return found.flat().filter(({ minute }) => minute >= fromMinute && minute < toMinute);
    });
  }

  /** Hours within [fromMinute, toMinute) that days have summed up, all wikis together; ascending. */
  async hourTotals(fromMinute: number, toMinute: number, stopSignal: AbortSignal): Promise<HourTotals[]> {
    return this.#retrying(async () => {
      const days = await this.#daysBetween(fromMinute, toMinute);
      const found = await mapBounded(days, PARALLEL_READS, async day => {
        stopSignal.throwIfAborted();
        const footer = await this.#footerOf(day);
        if (footer?.sums === undefined) return [];
        const { hours, sums } = footer;
        return currentHours(day.hours, hours).flatMap(hour => {
          const ofHour = sums[hour];
          return ofHour === undefined ? [] : [totalsIn(hour, ofHour)];
        });
      });
      return found
        .flat()
        .filter(({ hour }) => hour >= fromMinute && hour + HOUR_SECONDS <= toMinute)
        .sort((a, b) => a.hour - b.hour);
    });
  }

  /** What the last rebuilds say of hours that begin in [fromMinute, toMinute); ascending. */
  async rebuilt(fromMinute: number, toMinute: number): Promise<HourRebuilt[]> {
    return this.#retrying(async () => {
      const days = await this.#daysBetween(fromMinute, toMinute);
      const read = await mapBounded(days, PARALLEL_READS, day => this.#rebuiltOfDay(day));
      return read.flat().filter(({ hourMs }) => hourMs >= fromMinute * 1000);
    });
  }

  /** Audits of hours that begin in [fromMinute, toMinute), the latest first, at most `limit`. */
  async audits(fromMinute: number, toMinute: number, limit: number): Promise<AuditedHour[]> {
    return this.#retrying(async () => {
      const days = await this.#daysBetween(fromMinute, toMinute);
      const hours = days
        .flatMap(({ hours }) => [...hours])
        .filter(([hour]) => hourSeconds(hour)[0] >= fromMinute)
        .toReversed();
      const found: AuditedHour[] = [];
      // The open hour, and any that was never rebuilt, has no audit.
      for (let at = 0; at < hours.length && found.length < limit; at += PARALLEL_READS) {
        const read = hours
          .slice(at, at + PARALLEL_READS)
          .map(([, object]) => this.#skipping(object, () => this.#versions.audited(object)));
        for (const audited of await Promise.all(read)) if (audited !== undefined) found.push(audited);
      }
      return found.slice(0, limit);
    });
  }

  /**
   * What was read, by the hour in which it ends, where days say that gold has all of it, and still do so of the hours as
   * they are.
   */
  async readsOfDays(fromMinute: number, toMinute: number): Promise<ReadonlyMap<Hour, ReadsInDay>> {
    return this.#retrying(async () => {
      // A day more: parts may belong to the hours before.
      const days = await this.#daysBetween(fromMinute - DAY_MS / 1000, toMinute);
      const etags = new Map(days.flatMap(({ hours }) => [...hours].map(([hour, { etag }]) => [hour, etag])));
      const found = new Map<Hour, ReadsInDay>();
      const footers = await mapBounded(days, PARALLEL_READS, day => this.#footerOf(day));
      for (const footer of footers)
        for (const [hour, reads] of Object.entries(footer?.reads ?? {}))
          if (Object.entries(reads.parts).every(([of, etag]) => etags.get(of) === etag))
            found.set(hour, reads);
      return found;
    });
  }

  /**
   * Those of the parts that are not in the rows of the hours as they are listed: rows that are read next have all others.
   */
  async lacking(keys: readonly string[]): Promise<string[]> {
    return this.#retrying(async () => {
      const hours = [...new Set(keys.flatMap(key => hourOfPartKey(key) ?? []))].sort();
      const [first] = hours;
      const objects = first === undefined ? [] : await this.#hours.since(goldHourPrefix(first));
      const listed = new Map(objects.map(object => [hourOfGoldKey(object.key) ?? '', object]));
      const ledgers = await mapBounded(hours, PARALLEL_READS, async hour => {
        const object = listed.get(hour);
        return object && (await this.#skipping(object, () => this.#versions.ledger(object)));
      });
      const byHour = new Map(hours.map((hour, at) => [hour, ledgers[at]]));
      return keys.filter(key => byHour.get(hourOfPartKey(key) ?? '')?.has(partName(key)) !== true);
    });
  }

  /** Wikis that have counts, latest activity first. */
  async wikis(limit: number): Promise<string[]> {
    const latest = await this.#retrying(() => this.#latest(found => found.size >= limit));
    const byActivity = [...latest].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return byActivity.slice(0, limit).map(([wiki]) => wiki);
  }

  /** Every wiki that has counts, by name, with its edits in [fromMinute, toMinute), epoch seconds. */
  async activity(fromMinute: number, toMinute: number): Promise<WikiActivity[]> {
    return this.#retrying(async () => {
      const latest = await this.#latest(() => false);
      const counted = await this.#countedBetween(fromMinute, toMinute);
      return [...latest]
        .map(([wiki, lastMinute]) => ({ wiki, ...(counted.get(wiki) ?? { human: 0, bot: 0 }), lastMinute }))
        .sort((a, b) => (a.wiki < b.wiki ? -1 : 1));
    });
  }

  /** The newest minute with an edit in any wiki, epoch seconds. */
  async lastMinute(): Promise<number | undefined> {
    const latest = await this.#retrying(() => this.#latest(found => found.size > 0));
    return latest.size === 0 ? undefined : Math.max(...latest.values());
  }

  /** A name for the content of each hour. */
  async versions(hours: readonly Hour[]): Promise<string[]> {
    const [first] = hours.toSorted();
    if (first === undefined) return [];
    const listed = await this.#hours.since(goldHourPrefix(first));
    const tags = new Map(listed.map(({ key, etag }) => [key, etag]));
    return hours.map(hour => tags.get(goldHourKey(hour)) ?? '');
  }

  /** Makes the next request list again, to see what this process has just written. */
  forget(): void {
    this.#hours.forget();
    this.#days.forget();
  }

  /**
   * The latest minute of each wiki. Goes back day by day until `isEnough`: any wiki in an older day only is older than
   * all that were found.
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

  /** The edits of each wiki in [from, to). From the objects of hours: one of a day has its wikis one by one. */
  async #countedBetween(
    from: number,
    to: number,
  ): Promise<ReadonlyMap<string, Pick<WikiActivity, 'human' | 'bot'>>> {
    const days = await this.#daysBetween(from, to);
    const hours = days.flatMap(({ hours }) => [...hours]);
    const counted = new Map<string, { human: number; bot: number }>();
    const read = await mapBounded(hours, PARALLEL_READS, ([, object]) =>
      this.#skipping(object, () => this.#versions.hour(object)),
    );
    for (const [wiki, minutes] of read.flatMap(wikis => [...(wikis ?? [])])) {
      const sums = counted.get(wiki) ?? { human: 0, bot: 0 };
      for (const { human, bot } of minutes.between(from, to)) {
        sums.human += human;
        sums.bot += bot;
      }
      counted.set(wiki, sums);
    }
    return counted;
  }

  /** Days with those of their hours that touch [from, to), epoch seconds; ascending. */
  async #daysBetween(from: number, to: number): Promise<DayView[]> {
    const days = await this.#daysSince(hourOf(from));
    return days
      .map(({ hours, object }) => ({
        hours: new Map([...hours].filter(([hour]) => hourSeconds(hour)[0] < to)),
        object,
      }))
      .filter(({ hours }) => hours.size > 0);
  }

  /** Days with hours since `since`, or all of them; ascending. */
  async #daysSince(since: Hour | undefined): Promise<DayView[]> {
    const after = since === undefined ? GOLD_HOURS : goldHourPrefix(since);
    const listed = await this.#hours.since(after);
    this.#unreadable.settle(GOLD_HOURS, after, listed);
    const hours = new Map<string, Map<Hour, ListedObject>>();
    for (const object of listed) {
      const hour = hourOfGoldKey(object.key);
      if (hour === undefined) continue;
      if (isFuture(hour, this.#now())) {
        this.#unreadable.note(
          object,
          `it lies in the future, more than a year ahead: nobody can have counted ${hour}`,
        );
        continue;
      }
      const day = hour.slice(0, 10);
      hours.set(day, (hours.get(day) ?? new Map<Hour, ListedObject>()).set(hour, object));
    }
    const first = [...hours].find(([, { size }]) => size >= MIN_HOURS_FOR_DAY)?.[0];
    const days = first === undefined ? [] : await this.#days.since(GOLD_DAYS);
    if (first !== undefined) this.#unreadable.settle(GOLD_DAYS, GOLD_DAYS, days);
    const objects = new Map(days.map(object => [dayOfGoldKey(object.key) ?? '', object]));
    return [...hours].map(([day, ofDay]) => ({
      hours: ofDay,
      object: ofDay.size >= MIN_HOURS_FOR_DAY ? objects.get(day) : undefined,
    }));
  }

  /** Minutes of a wiki, or of all wikis together, in the wanted hours of a day. */
  async #ofDay({ hours, object }: DayView, wiki: string | undefined): Promise<MinuteTotals[]> {
    const day = object && (await this.#skipping(object, () => this.#versions.day(object)));
    const current = day === undefined ? [] : currentHours(hours, day.footer.hours);
    if (day === undefined || object === undefined || current.length === 0) return this.#ofHours(hours, wiki);
    const others = [...hours].filter(([hour]) => !current.includes(hour));
    const reading = (): Promise<WikiMinutes> =>
      wiki === undefined ? this.#versions.allOfDay(object, day) : this.#versions.wikiOfDay(object, day, wiki);
    const [minutes, rest] = await Promise.all([this.#skipping(object, reading), this.#ofHours(others, wiki)]);
    if (minutes === undefined) return this.#ofHours(hours, wiki);
    const ofDay = current.flatMap(hour => [...minutes.between(...hourSeconds(hour))]);
    return [...ofDay, ...rest].sort((a, b) => a.minute - b.minute);
  }

  /** From the objects of hours. */
  async #ofHours(
    hours: Iterable<readonly [Hour, ListedObject]>,
    wiki: string | undefined,
  ): Promise<MinuteTotals[]> {
    const read = await mapBounded([...hours], PARALLEL_READS, async ([hour, object]) => {
      const wikis = await this.#skipping(object, () => this.#versions.hour(object));
      return wikis === undefined ? [] : minutesOf(wikis, wiki, hour);
    });
    return read.flat();
  }

  /** Of the hours whose version the day has, it says so; others are read. */
  async #rebuiltOfDay(day: DayView): Promise<HourRebuilt[]> {
    const footer = await this.#footerOf(day);
    const said = footer?.rebuilt === undefined ? undefined : new Set(currentHours(day.hours, footer.hours));
    const read = await mapBounded([...day.hours], PARALLEL_READS, async ([hour, object]) => {
      const rebuilt = said?.has(hour)
        ? footer?.rebuilt?.[hour]
        : await this.#skipping(object, () => this.#versions.rebuilt(object));
      return rebuilt === undefined ? [] : [{ hourMs: hourSeconds(hour)[0] * 1000, ...rebuilt }];
    });
    return read.flat();
  }

  async #footerOf({ object }: DayView): Promise<DayFooter | undefined> {
    const day = object && (await this.#skipping(object, () => this.#versions.day(object)));
    return day?.footer;
  }

  async #latestOfDay({ hours, object }: DayView): Promise<ReadonlyMap<string, number>> {
    const known = object && (await this.#skipping(object, () => this.#versions.latestOfDay(object)));
    if (known !== undefined && currentHours(hours, known.hours).length === hours.size) return known.latest;
    const latest = new Map<string, number>();
    const read = await mapBounded([...hours.values()], PARALLEL_READS, hour =>
      this.#skipping(hour, () => this.#versions.hour(hour)),
    );
    for (const wikis of read)
      for (const [wiki, minutes] of wikis ?? [])
        latest.set(wiki, Math.max(latest.get(wiki) ?? 0, minutes.last));
    return latest;
  }

  /** Undefined for an object that cannot be read: everything else still is. */
  #skipping<T>(object: ListedObject, read: () => Promise<T>): Promise<T | undefined> {
    return this.#unreadable.skipping(object, read);
  }

  /** Retries with new listings when an object was replaced after it was listed. */
  async #retrying<T>(read: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await read();
      } catch (error) {
        const isPassing = error instanceof PipelineError && error.code === 'object_changed';
        if (!isPassing || tries === MAX_TRIES) throw error;
        this.forget();
      }
    }
  }
}

/**
 * Ingest accepts no event from more than a day ahead. But if it did so with a wrong clock, its counts stay visible: only
 * what no clock explains is left out.
 */
export function isFuture(hour: Hour, nowMs: number): boolean {
  return (hourStartMs(hour) ?? 0) > nowMs + 366 * DAY_MS;
}

function minutesOf(
  wikis: ReadonlyMap<string, WikiMinutes>,
  wiki: string | undefined,
  hour: Hour,
): MinuteTotals[] {
  const within = (minutes: WikiMinutes | undefined): MinuteTotals[] => [
    ...(minutes?.between(...hourSeconds(hour)) ?? []),
  ];
  return wiki === undefined ? addedUp([...wikis.values()].flatMap(within)) : within(wikis.get(wiki));
}

/** Those hours that a day has in their current version. */
function currentHours(hours: DayView['hours'], ofDay: DayFooter['hours']): Hour[] {
  return [...hours].filter(([hour, { etag }]) => ofDay[hour] === etag).map(([hour]) => hour);
}
