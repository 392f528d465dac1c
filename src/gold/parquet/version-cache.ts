/**
 * Bounded caches of the content of gold's objects, by key and ETag. A version never changes, so no entry is ever stale;
 * concurrent requests for one version fetch it once.
 */
import { LRUCache } from 'lru-cache';
import type { DayFooter, RebuiltInDay } from '../../contracts/storage/gold-footers.ts';
import { isStoredAudit } from '../../contracts/storage/hour-audit.ts';
import { hourOfGoldKey } from '../../contracts/storage/object-keys.ts';
import type { ListedObject, VersionedStore } from '../../store/object-store.ts';
import type { AuditedHour } from '../gold-store.ts';
import { auditedHour } from '../hour-evidence.ts';
import { openDay } from './day-object.ts';
import type { OpenDay } from './day-object.ts';
import { objectChanged, readHour } from './hour-object.ts';
import { ledgerOf } from './hour-state.ts';
import { rebuiltIn } from './known-in-day.ts';
import { WikiMinutes, WikiNumbers, minutesByWiki, rowsWithin } from './minutes.ts';

/**
 * Bytes for decoded hours (about 130 kB each for all wikis: two weeks fit), for footers of days, for single wikis read from
 * days, and for the wikis of each day (about 5 kB each: decades fit, because listing all wikis reads every day).
 */
const BOUNDS = { hours: 48 << 20, days: 24 << 20, wikiDays: 24 << 20, latest: 48 << 20 };
/** Estimate for a day's footer. */
const OPEN_DAY_BYTES = 100 << 10;
/** Estimate for a map's entry, or an empty value. */
const ENTRY_BYTES = 100;
/** Estimate for the ETags of a day's hours. */
const DAY_LATEST_BYTES = 2_500;
/** An entry evicted while it is being fetched is still returned to its callers. */
const FETCHING = { ignoreFetchAbort: true };

interface HourMinutes {
  /** Undefined until the hour's first rebuild. */
  readonly rebuilt: RebuiltInDay | undefined;
  /** Undefined too when the audit is none of ours. */
  readonly audited: AuditedHour | undefined;
  /** Names of the parts in its rows. */
  readonly ledger: ReadonlySet<string>;
  readonly wikis: ReadonlyMap<string, WikiMinutes>;
  readonly bytes: number;
}

interface PackedLatest {
  readonly hours: DayFooter['hours'];
  /** See `WikiNumbers`. */
  readonly latest: Uint32Array;
}

/** The wikis of a day with their newest minute, and the hours it was made from. */
export interface DayLatest {
  readonly hours: DayFooter['hours'];
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
        // Not cached as footers: those of the whole history would evict the ones that charts need.
        const { footer } = this.#days.get(name) ?? (await openDay(this.#store, context));
        return { hours: footer.hours, latest: this.#numbers.pack(footer.latest) };
      },
    });
  }

  /** Minutes of an hour, by wiki. @throws PipelineError `object_changed` when the version has been replaced */
  async hour(object: ListedObject): Promise<ReadonlyMap<string, WikiMinutes>> {
    return (await fetched(this.#hours.fetch(nameOf(object), { context: object }))).wikis;
  }

  /** What the last rebuild of an hour says. @throws as `hour` */
  async rebuilt(object: ListedObject): Promise<RebuiltInDay | undefined> {
    return (await fetched(this.#hours.fetch(nameOf(object), { context: object }))).rebuilt;
  }

  /** The audit of an hour. @throws as `hour` */
  async audited(object: ListedObject): Promise<AuditedHour | undefined> {
    return (await fetched(this.#hours.fetch(nameOf(object), { context: object }))).audited;
  }

  /** Names of the parts in an hour's rows. @throws as `hour` */
  async ledger(object: ListedObject): Promise<ReadonlySet<string>> {
    return (await fetched(this.#hours.fetch(nameOf(object), { context: object }))).ledger;
  }

  /** A day with its footer. @throws as `hour` */
  async day(object: ListedObject): Promise<OpenDay> {
    return fetched(this.#days.fetch(nameOf(object), { context: object }));
  }

  /** Minutes of a wiki in a day. @throws as `hour` */
  async wikiOfDay(object: ListedObject, day: OpenDay, wiki: string): Promise<WikiMinutes> {
    const read = async (): Promise<WikiMinutes> => new WikiMinutes(await day.rowsOf(wiki));
    return fetched(this.#wikiDays.fetch(`${nameOf(object)} ${wiki}`, { context: read }));
  }

  /** Minutes of all wikis of a day together. @throws as `hour` */
  async allOfDay(object: ListedObject, day: OpenDay): Promise<WikiMinutes> {
    const read = async (): Promise<WikiMinutes> =>
      new WikiMinutes((await day.rows()).sort((a, b) => a.minute - b.minute));
    return fetched(this.#wikiDays.fetch(nameOf(object), { context: read }));
  }

  /** The wikis of a day. @throws as `hour` */
  async latestOfDay(object: ListedObject): Promise<DayLatest> {
    const { hours, latest } = await fetched(this.#latest.fetch(nameOf(object), { context: object }));
    return { hours, latest: this.#numbers.unpack(latest) };
  }

  async #readHour({ key, etag }: ListedObject): Promise<HourMinutes> {
    const hour = hourOfGoldKey(key) ?? '';
    const version = await readHour(this.#store, hour);
    if (version.etag !== etag) throw objectChanged(key);
    const { rows, audit, evidence } = version.hour;
    const wikis = minutesByWiki(rowsWithin(hour, rows));
    const audited = isStoredAudit(audit) ? auditedHour(hour, audit, evidence) : undefined;
    const ledger = ledgerOf(version.hour);
    const bytes = [...wikis.values()].reduce(
      (sum, minutes) => sum + ENTRY_BYTES + minutes.bytes,
      ENTRY_BYTES * (1 + ledger.size),
    );
    return { rebuilt: rebuiltIn(version.hour), audited, ledger, wikis, bytes };
  }
}

/** Key and ETag: objects with equal bytes have equal ETags. */
function nameOf({ key, etag }: ListedObject): string {
  return `${key} ${etag}`;
}

/** The cache returns undefined only for an aborted fetch, and nothing here aborts one. */
async function fetched<T>(fetching: Promise<T | undefined>): Promise<T> {
  const value = await fetching;
  if (value === undefined) throw new Error('the cache aborted a fetch');
  return value;
}
