/**
 * What versions of gold's objects hold, kept in memory within bounds. A version never changes, so that nothing here ever
 * grows stale; however many ask for one at once, it is fetched once.
 */
import { LRUCache } from 'lru-cache';
import { hourOfGoldKey } from '../../contracts/storage/object-keys.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import { openDay } from './day-object.ts';
import type { DayFacts, OpenDay } from './day-object.ts';
import { objectChanged, readHour } from './hour-object.ts';
import { WikiMinutes, WikiNumbers, minutesByWiki } from './minutes.ts';

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
/** Whoever asked for what was given up to make room gets it all the same. */
const FETCHING = { ignoreFetchAbort: true };

interface HourMinutes {
  readonly wikis: ReadonlyMap<string, WikiMinutes>;
  readonly bytes: number;
}

interface PackedLatest {
  readonly hours: DayFacts['hours'];
  /** See `WikiNumbers`. */
  readonly latest: Uint32Array;
}

/** Which wikis a day has, with their newest minute, and of which hours it was made. */
export interface DayLatest {
  readonly hours: DayFacts['hours'];
  readonly latest: ReadonlyMap<string, number>;
}

export class VersionCache {
  readonly #store: VersionedStore;
  readonly #hours: LRUCache<string, HourMinutes, ListedObject>;
  readonly #days: LRUCache<string, OpenDay, ListedObject>;
  readonly #wikiDays: LRUCache<string, WikiMinutes, () => Promise<WikiMinutes>>;
  readonly #latest: LRUCache<string, PackedLatest, ListedObject>;
  readonly #numbers = new WikiNumbers();

  constructor(store: VersionedStore, bounds = BOUNDS) {
    this.#store = store;
    this.#hours = new LRUCache({
      ...FETCHING,
      maxSize: bounds.hours,
      sizeCalculation: ({ bytes }) => bytes,
      fetchMethod: (_name, _stale, { context }) => this.#readHour(context),
    });
    this.#days = new LRUCache({
      ...FETCHING,
      maxSize: bounds.days,
      sizeCalculation: () => OPEN_DAY_BYTES,
      fetchMethod: (_name, _stale, { context }) => openDay(this.#store, context),
    });
    this.#wikiDays = new LRUCache({
      ...FETCHING,
      maxSize: bounds.wikiDays,
      sizeCalculation: ({ bytes }) => ENTRY_BYTES + bytes,
      fetchMethod: (_name, _stale, { context }) => context(),
    });
    this.#latest = new LRUCache({
      ...FETCHING,
      maxSize: bounds.latest,
      sizeCalculation: ({ latest }) => DAY_LATEST_BYTES + latest.byteLength,
      fetchMethod: async (name, _stale, { context }) => {
        // Footers of all history would drive out those that charts are drawn from.
        const { facts } = this.#days.get(name) ?? (await openDay(this.#store, context));
        return { hours: facts.hours, latest: this.#numbers.pack(facts.latest) };
      },
    });
  }

  /** Minutes of an hour, by wiki. @throws PipelineError `object_changed` when another version is there by now */
  async hour(object: ListedObject): Promise<ReadonlyMap<string, WikiMinutes>> {
    return (await fetched(this.#hours.fetch(nameOf(object), { context: object }))).wikis;
  }

  /** A day whose footer is read. @throws as `hour` */
  async day(object: ListedObject): Promise<OpenDay> {
    return fetched(this.#days.fetch(nameOf(object), { context: object }));
  }

  /** Minutes of a wiki in a day. @throws as `hour` */
  async wikiOfDay(object: ListedObject, day: OpenDay, wiki: string): Promise<WikiMinutes> {
    const read = async (): Promise<WikiMinutes> => new WikiMinutes(await day.rowsOf(wiki));
    return fetched(this.#wikiDays.fetch(`${nameOf(object)} ${wiki}`, { context: read }));
  }

  /** The wikis of a day. @throws as `hour` */
  async latestOfDay(object: ListedObject): Promise<DayLatest> {
    const { hours, latest } = await fetched(this.#latest.fetch(nameOf(object), { context: object }));
    return { hours, latest: this.#numbers.unpack(latest) };
  }

  async #readHour({ key, etag }: ListedObject): Promise<HourMinutes> {
    const version = await readHour(this.#store, hourOfGoldKey(key) ?? '');
    if (version.etag !== etag) throw objectChanged(key);
    const wikis = minutesByWiki(version.hour.rows);
    const bytes = [...wikis.values()].reduce(
      (sum, minutes) => sum + ENTRY_BYTES + minutes.bytes,
      ENTRY_BYTES,
    );
    return { wikis, bytes };
  }
}

/** Of a version: an object's, not another's with the same bytes. */
function nameOf({ key, etag }: ListedObject): string {
  return `${key} ${etag}`;
}

/** The cache answers nothing only when it was told to give up, which nobody does. */
async function fetched<T>(fetching: Promise<T | undefined>): Promise<T> {
  const value = await fetching;
  if (value === undefined) throw new Error('a cache gave up what it was asked for');
  return value;
}
