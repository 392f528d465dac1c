/** From what was measured to a day and a month: requests, bytes, what is kept, and dollars. Pure. */
import type { S3Count } from './s3-counter.ts';
import type { Held, Measured, MeasuredCase, MeasuredReading } from './measured.ts';
import type { Prices } from './prices.ts';

export interface Usage {
  readonly put: number;
  readonly list: number;
  readonly get: number;
  readonly delete: number;
  /** Bytes of bodies to S3 and from it. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What is kept of something: its growth a day, and for how many days. */
export interface Kept {
  readonly what: 'bronze' | 'commit log' | 'dead letters' | 'gold, hours' | 'gold, days' | 'database';
  readonly perDay: Omit<Held, 'name'>;
  readonly days: number;
}

/** A case, a day and a month of it. */
export interface Bill {
  readonly costs: MeasuredCase;
  readonly flushesPerHour: number;
  readonly eventsPerDay: number;
  /** A day, by what asks. */
  readonly pipeline: Usage;
  readonly restarts: { readonly perDay: number; readonly usage: Usage };
  /** Where gold keeps days. */
  readonly compaction: Usage | undefined;
  readonly usage: Usage;
  readonly kept: readonly Kept[];
  /** A month, once gold is a year old. */
  readonly dollars: Dollars;
}

export interface Dollars {
  readonly requests: number;
  /** Of what is deleted after some days. */
  readonly bronze: number;
  readonly gold: number;
  readonly database: number;
  readonly total: number;
}

export interface Terms {
  readonly bronzeDays: number;
  /** How old gold is. */
  readonly goldDays: number;
  /** Events after which a workflow run goes on as a new one. */
  readonly historyLimit: number;
}

/** Runs of the Schedule that compacts days: one in ten minutes. */
export const RUNS_PER_DAY = 144;
export const HOURS_PER_MONTH = 730;
const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;
/** As AWS counts a GB. */
const GB = 2 ** 30;
/** Smaller objects are neither moved by a lifecycle rule nor monitored. */
const TIERED_BYTES = 128 << 10;
/** The least that RDS lets one have. */
const DATABASE_GB = 20;
const NONE: Usage = { put: 0, list: 0, get: 0, delete: 0, bytesIn: 0, bytesOut: 0 };

/** Counts as one sum, times a factor. */
export function usageOf(counts: readonly S3Count[], times = 1): Usage {
  const sum = counts.reduce(
    (usage, { request, requests, bytesIn, bytesOut }) => ({
      ...usage,
      [request]: usage[request] + requests,
      bytesIn: usage.bytesIn + bytesIn,
      bytesOut: usage.bytesOut + bytesOut,
    }),
    NONE,
  );
  return scaled(sum, times);
}

/** Dollars for requests. */
export function requestDollars({ put, list, get, delete: removed }: Usage, prices: Prices): number {
  return ((put + list) * prices.putList.usd + get * prices.get.usd + removed * prices.delete.usd) / 1_000;
}

/** The bill of one case. */
export function billOf(costs: MeasuredCase, measured: Measured, prices: Prices, terms: Terms): Bill {
  const times = 24 / costs.hours;
  const pipeline = usageOf(costs.requests, times);
  const perDay = (costs.historyEvents * times) / terms.historyLimit;
  const restarts = { perDay, usage: usageOf(costs.restart, perDay) };
  const compaction = costs.gold === 's3' ? compactionOf(costs, measured, terms.goldDays) : undefined;
  const usage = [pipeline, restarts.usage, compaction ?? NONE].reduce(added);
  const kept = keptOf(costs, measured, terms);
  return {
    costs,
    flushesPerHour: costs.flushes / costs.hours,
    eventsPerDay: costs.events * times,
    pipeline,
    restarts,
    compaction,
    usage,
    kept,
    dollars: dollarsOf(usage, kept, prices),
  };
}

/** What pages ask in an hour. */
export function readingPerHour({ requests, seconds }: MeasuredReading): Usage {
  return usageOf(requests, 3_600 / seconds);
}

/** Bytes once all that is kept has its age. */
export function bytesOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, { perDay, days }) => sum + perDay.bytes * days, 0);
}

/** A day's runs of the Schedule: one finished day is written; all list gold of some age. */
export function compactionOf({ wikis }: MeasuredCase, { days, listings }: Measured, goldDays: number): Usage {
  const day = days.find(found => found.wikis.join() === wikis.join());
  const listing = listings.find(found => found.goldDays === goldDays);
  if (day === undefined || listing === undefined)
    throw new Error(`no compaction of ${wikis.join() || 'all wikis'} was measured at ${goldDays} days`);
  return added(usageOf(listing.requests, RUNS_PER_DAY), usageOf(day.requests));
}

function keptOf(
  { hours, wikis, stored, tables, gold }: MeasuredCase,
  { days }: Measured,
  { bronzeDays, goldDays }: Terms,
): Kept[] {
  const times = 24 / hours;
  const grown = (held: readonly Held[]): Kept['perDay'] => ({
    count: held.reduce((sum, { count }) => sum + count, 0) * times,
    bytes: held.reduce((sum, { bytes }) => sum + bytes, 0) * times,
  });
  const of = (name: string): Kept['perDay'] => grown(stored.filter(held => held.name === name));
  const day = days.find(found => found.wikis.join() === wikis.join());
  const bronze: Kept[] = [
    { what: 'bronze', perDay: of('bronze'), days: bronzeDays },
    { what: 'commit log', perDay: of('bronze/_log'), days: bronzeDays },
    { what: 'dead letters', perDay: of('deadletter'), days: bronzeDays },
  ];
  if (gold === 'postgres') return [...bronze, { what: 'database', perDay: grown(tables), days: goldDays }];
  return [
    ...bronze,
    { what: 'gold, hours', perDay: of('gold/edits_per_min'), days: goldDays },
    { what: 'gold, days', perDay: { count: 1, bytes: day?.bytes ?? 0 }, days: goldDays },
  ];
}

function dollarsOf(usage: Usage, kept: readonly Kept[], prices: Prices): Dollars {
  const inS3 = kept.filter(({ what }) => what !== 'database');
  const isGold = ({ what }: Kept): boolean => what.startsWith('gold');
  const requests = requestDollars(usage, prices) * DAYS_PER_MONTH;
  const storage = (of: readonly Kept[]): number => (bytesOf(of) / GB) * prices.storageGb.usd;
  const bronze = storage(inS3.filter(entry => !isGold(entry)));
  const ofGold = inS3.filter(isGold);
  const gold = storage(ofGold) + ofGold.reduce((sum, entry) => sum + tieringDollars(entry, prices), 0);
  const database = databaseDollars(
    kept.filter(({ what }) => what === 'database'),
    prices,
  );
  return { requests, bronze, gold, database, total: requests + bronze + gold + database };
}

/** What Intelligent-Tiering costs beside the storage; what it saves is left out. */
function tieringDollars({ perDay: { count, bytes }, days }: Kept, prices: Prices): number {
  if (count === 0 || bytes / count < TIERED_BYTES) return 0;
  const monitored = count * days * prices.monitoring.usd;
  return (monitored + count * DAYS_PER_MONTH * prices.transition.usd) / 1_000;
}

function databaseDollars(kept: readonly Kept[], prices: Prices): number {
  if (kept.length === 0) return 0;
  const gigabytes = Math.max(DATABASE_GB, Math.ceil(bytesOf(kept) / GB));
  return HOURS_PER_MONTH * prices.databaseHour.usd + gigabytes * prices.databaseGb.usd;
}

function added(a: Usage, b: Usage): Usage {
  return {
    put: a.put + b.put,
    list: a.list + b.list,
    get: a.get + b.get,
    delete: a.delete + b.delete,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
  };
}

function scaled(usage: Usage, times: number): Usage {
  return {
    put: usage.put * times,
    list: usage.list * times,
    get: usage.get * times,
    delete: usage.delete * times,
    bytesIn: usage.bytesIn * times,
    bytesOut: usage.bytesOut * times,
  };
}
