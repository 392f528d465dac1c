/** Turns a measurement into the bill of a day and a month: requests, bytes, storage and dollars. Pure. */
import { heartbeatsPerDay, scaledActions, sumOf } from './actions.ts';
import { DETECT_ANOMALIES_ID } from '../../src/contracts/temporal/names.ts';
import type { Actions } from './actions.ts';
import type { S3Count } from './s3-counter.ts';
import type { Held, Measured, MeasuredCase, MeasuredReading } from './measured.ts';
import type { Prices } from './prices.ts';

export interface Usage {
  readonly put: number;
  readonly list: number;
  readonly get: number;
  readonly delete: number;
  /** Bytes of bodies sent to and received from S3. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** One kind of stored data: its growth per day, and how many days it is kept. */
export interface Kept {
  readonly what: 'bronze' | 'commit log' | 'dead letters' | 'gold, hours' | 'gold, days' | 'database';
  readonly perDay: Omit<Held, 'name'>;
  readonly days: number;
}

/** The bill of one case. */
export interface Bill {
  readonly costs: MeasuredCase;
  readonly flushesPerHour: number;
  readonly eventsPerDay: number;
  /** Actions of Temporal per day, by kind. */
  readonly actions: Actions;
  /** Usage per day, by what sends the requests. */
  readonly pipeline: Usage;
  readonly restarts: { readonly perDay: number; readonly usage: Usage };
  /** Only where gold has day objects. */
  readonly compaction: Usage | undefined;
  readonly usage: Usage;
  readonly kept: readonly Kept[];
  /** Per month, once gold has the age of the terms. */
  readonly dollars: Dollars;
}

export interface Dollars {
  readonly requests: number;
  /** Storage of what expires: bronze, commit log, dead letters. */
  readonly bronze: number;
  readonly gold: number;
  readonly database: number;
  readonly total: number;
}

export interface Terms {
  readonly bronzeDays: number;
  /** Age of gold. */
  readonly goldDays: number;
  /** Number of history events after which a workflow run continues as a new one. */
  readonly historyLimit: number;
}

/** Runs of the other Schedules: one every ten minutes. */
export const RUNS_PER_DAY = 144;
/** Those of them that list all of gold: one every six hours. */
export const FULL_RUNS_PER_DAY = 4;
/** Runs of the Schedule that looks for anomalies. */
export const LOOKS_PER_DAY = 288;
export const HOURS_PER_MONTH = 730;
const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;
/** AWS counts a GB as 2^30 bytes. */
const GB = 2 ** 30;
/** Smaller objects are neither moved by lifecycle rules nor monitored. */
const TIERED_BYTES = 128 << 10;
/** The smallest storage that RDS offers. */
const DATABASE_GB = 20;
const NONE: Usage = { put: 0, list: 0, get: 0, delete: 0, bytesIn: 0, bytesOut: 0 };

/** The sum of counts, multiplied by a factor. */
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

export function requestDollars({ put, list, get, delete: removed }: Usage, prices: Prices): number {
  return ((put + list) * prices.putList.usd + get * prices.get.usd + removed * prices.delete.usd) / 1_000;
}

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
    actions: actionsPerDay(costs),
    pipeline,
    restarts,
    compaction,
    usage,
    kept,
    dollars: dollarsOf(usage, kept, prices),
  };
}

function actionsPerDay({ temporal: { actions, heartbeats, schedules }, hours }: MeasuredCase): Actions {
  return sumOf([
    { heartbeats: heartbeatsPerDay(heartbeats) },
    scaledActions(actions, 24 / hours),
    ...Object.entries(schedules).map(([id, run]) =>
      scaledActions(run, id === DETECT_ANOMALIES_ID ? LOOKS_PER_DAY : RUNS_PER_DAY),
    ),
  ]);
}

/** Requests per hour that open pages cause. */
export function readingPerHour({ requests, seconds }: MeasuredReading): Usage {
  return usageOf(requests, 3_600 / seconds);
}

/** Stored bytes once everything has reached its retention. */
export function bytesOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, { perDay, days }) => sum + perDay.bytes * days, 0);
}

/** The Schedule's runs in a day: one of them writes a finished day, some list gold of the given age, the others its recent days. */
export function compactionOf({ wikis }: MeasuredCase, { days, listings }: Measured, goldDays: number): Usage {
  const day = days.find(found => found.wikis.join() === wikis.join());
  const listing = listings.find(found => found.goldDays === goldDays);
  if (day === undefined || listing === undefined)
    throw new Error(
      `no compaction of ${wikis.join() || 'all wikis'} was measured with ${goldDays} days of gold`,
    );
  const looks = [
    usageOf(listing.requests, FULL_RUNS_PER_DAY),
    usageOf(listing.recent, RUNS_PER_DAY - FULL_RUNS_PER_DAY),
  ];
  return [...looks, usageOf(day.requests)].reduce(added);
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

/** What Intelligent-Tiering costs on top of storage. Its savings are not counted. */
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
