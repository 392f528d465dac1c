/**
 * Gold as Parquet in S3, without a database. This folder holds the format of the files, the objects of hours and days,
 * the writer with its retries, and the reader with its caches.
 *
 * An hour is one object: rows, ledger and audit change together in one conditional PUT (invariant 5). Sources, gaps and
 * coverage are small objects next to the datasets; a source is written before its first rows.
 */
import type { ReadsInDay } from '../../contracts/storage/gold-footers.ts';
import type { ReadName, StoredRead } from '../../contracts/storage/stored-read.ts';
import type { Coverage } from '../../core/backfill.ts';
import { readRanges } from '../../core/coverage/read-ranges.ts';
import type { HourRebuilt } from '../../core/coverage/known.ts';
import type { ReadRanges } from '../../core/coverage/read-ranges.ts';
import type { Gap } from '../../core/gaps.ts';
import {
  GOLD_HOURS,
  GOLD_SOURCES,
  flushOfKey,
  hourOfGoldPrefix,
  hourOfPartKey,
} from '../../contracts/storage/object-keys.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { isoMs } from '../../core/time.ts';
import type { HourTotals, MinuteTotals } from '../../core/series.ts';
import type { Hour } from '../../core/time.ts';
import type { HourExpectation } from '../../contracts/storage/hour-expectation.ts';
import type { RecordedAnomaly } from '../../contracts/storage/recorded-anomaly.ts';
import { MOST_ANOMALY_SECONDS, byStart as byAnomalyStart, isIn } from '../anomalies.ts';
import type { AnomalyRange } from '../anomalies.ts';
import { joinedCoverage } from '../coverage-record.ts';
import { NO_RECORD } from '../hour-record.ts';
import type { HourReading } from '../hour-record.ts';
import { hourSeconds } from '../hour-seconds.ts';
import { handoverEndOf } from '../older-rows.ts';
import { ANOMALY_DAYS, EXPECTATION_DAYS } from './day-list-kinds.ts';
import { DayLists } from './day-lists.ts';
import type { DayListKind } from './day-lists.ts';
import { compactDay } from './day-object.ts';
import { EMPTY_HOUR, ledgerOf, partName, withFilled, withPart, withRebuilt } from './hour-state.ts';
import { readHour } from './hour-object.ts';
import { ledgerEntries, recordOf } from './hour-view.ts';
import { HourWriter } from './hour-writer.ts';
import type { GoldHour } from './hour-state.ts';
import { openMetadata } from './item-kinds.ts';
import { ListingAge } from './listing-age.ts';
import { readRecordOf } from './known-in-day.ts';
import type { MetadataStore } from './metadata-store.ts';
import { ReadRecords } from './read-records.ts';
import { GoldS3Reader, isFuture } from './reader.ts';
import { StaleDays } from './stale-days.ts';
import { VersionCache } from './version-cache.ts';
import { UnreadableObjects, isUnreadable } from '../unreadable-objects.ts';
import type { UnreadableObject } from '../unreadable-objects.ts';
import type { GoldSource } from '../../contracts/storage/gold-source.ts';
import type {
  AppliedPart,
  AuditedHour,
  CompactedDay,
  FilledHour,
  GoldDays,
  GoldStore,
  HourContents,
  HourOutcome,
  MinuteEdits,
  RebuiltHour,
  WikiActivity,
} from '../gold-store.ts';
import type { ObjectStore, VersionedStore } from '../../store/object-store.ts';

/** Maximum age of the listings of what gold has besides its rows. */
const METADATA_MAX_AGE_MS = 4_000;
const PARALLEL_READS = 8;
/** A day, with the hours around it that a question about it needs. */
const LONG_SECONDS = 27 * 3_600;
/** A level of the datasets above the hour. */
const PARTITION = /^(?:yyyy|mm|dd)=\d+\/$/;

/** Opens gold without any request. The caller closes the object store. */
export function openS3Gold(store: ObjectStore & VersionedStore, now: () => number = Date.now): GoldStore {
  return new S3Gold(store, now);
}

class S3Gold implements GoldStore {
  readonly kind = 's3';
  readonly days: GoldDays;
  readonly #store: ObjectStore & VersionedStore;
  readonly #now: () => number;
  readonly #writer: HourWriter;
  readonly #reader: GoldS3Reader;
  readonly #unreadable: UnreadableObjects;
  readonly #listingAge = new ListingAge();
  readonly #sources: MetadataStore<GoldSource>;
  readonly #gaps: MetadataStore<Gap>;
  readonly #coverage: MetadataStore<Coverage>;
  readonly #records: ReadRecords;
  readonly #anomalies: DayLists<RecordedAnomaly>;
  readonly #expectations: DayLists<HourExpectation>;
  /** URLs that this process has recorded. */
  readonly #recordedUrls = new Set<string>();
  /** Rows of minutes before this epoch second are an older project's; `unread` until gaps are listed. */
  #handoverEnd: number | undefined | 'unread' = 'unread';

  constructor(store: ObjectStore & VersionedStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#unreadable = new UnreadableObjects(now);
    const age = this.#listingAge;
    this.#reader = new GoldS3Reader(store, now, new VersionCache(store), this.#unreadable, age);
    const look = new StaleDays(store);
    this.#writer = new HourWriter(store, hour => {
      this.#reader.forget();
      look.hourWritten(hour, now());
    });
    const { sources, gaps, coverage } = openMetadata(store, METADATA_MAX_AGE_MS, this.#unreadable, age);
    this.#sources = sources;
    this.#gaps = gaps;
    this.#coverage = coverage;
    this.#records = new ReadRecords(store, METADATA_MAX_AGE_MS, this.#unreadable, age);
    const listsOf = <T>(kind: DayListKind<T>): DayLists<T> =>
      new DayLists(store, kind, METADATA_MAX_AGE_MS, this.#unreadable, age);
    this.#anomalies = listsOf(ANOMALY_DAYS);
    this.#expectations = listsOf(EXPECTATION_DAYS);
    this.days = {
      stale: nowMs => look.at(nowMs),
      compact: day => this.#compact(day),
    };
  }

  async apply(part: AppliedPart): Promise<boolean> {
    const { url } = part.source;
    // Once a process. If gold is lost meanwhile, the next rebuild records it again.
    if (!this.#recordedUrls.has(url)) await this.#recordSources([part.source]);
    const before = await this.#handover();
    return this.#writer.change(part.hour, current => withPart(current, part, before));
  }

  async unapplied(keys: readonly string[]): Promise<string[]> {
    const hours = [...new Set(keys.flatMap(key => hourOfPartKey(key) ?? []))];
    const read = await mapBounded(hours, PARALLEL_READS, hour => this.#readable(hour));
    const ledgers = new Map(hours.map((hour, at) => [hour, ledgerOf(read[at] ?? EMPTY_HOUR)]));
    return keys.filter(key => ledgers.get(hourOfPartKey(key) ?? '')?.has(partName(key)) !== true);
  }

  async unsealed(hours: readonly Hour[]): Promise<Hour[]> {
    const read = await mapBounded(hours, PARALLEL_READS, hour => this.#readable(hour));
    return hours.filter((_, at) => read[at]?.audit?.isSealed !== true);
  }

  async lastStreamHour(): Promise<Hour | undefined> {
    for await (const hour of this.#hoursBackwards()) {
      if (isFuture(hour, this.#now())) continue;
      const ledger = ledgerOf(await this.#readable(hour));
      if ([...ledger].some(name => flushOfKey(`/${name}`) !== undefined)) return hour;
    }
    return undefined;
  }

  async appliedForeign(): Promise<string[]> {
    return [];
  }

  async contents(hour: Hour): Promise<HourContents> {
    const current = await this.#readable(hour);
    return { rows: current.rows, keys: ledgerEntries(hour, current).map(({ key }) => key) };
  }

  async versions(hours: readonly Hour[]): Promise<string[]> {
    return this.#reader.versions(hours);
  }

  told(hasChanged: boolean): void {
    this.#listingAge.told(hasChanged);
  }

  /** Only Postgres was ever used by an older project. */
  async olderProject(): Promise<undefined> {
    return undefined;
  }

  async replaceHour(rebuilt: RebuiltHour): Promise<HourOutcome> {
    const known = await this.#gaps.allNow();
    const gaps = gapsIn(rebuilt.hour, known).length;
    const handoverEnd = this.#noteHandover(known);
    await this.#recordSources(rebuilt.sources);
    return this.#writer.change(rebuilt.hour, current =>
      withRebuilt(current, rebuilt, { gaps, nowMs: this.#now(), handoverEnd }),
    );
  }

  async fillHour(filled: FilledHour): Promise<number> {
    const known = await this.#gaps.allNow();
    const before = this.#noteHandover(known);
    const gaps = gapsIn(filled.hour, known);
    const edges = gaps.flatMap(({ from, to }) => [Date.parse(from) / 1000, Date.parse(to) / 1000]);
    await this.#recordSources(filled.sources);
    return this.#writer.change(filled.hour, current =>
      withFilled(current, filled, edges, { handoverEnd: before, nowMs: this.#now() }),
    );
  }

  async recordGap(gap: Gap): Promise<void> {
    await this.#gaps.put(gap.id, gap, isoMs(Date.parse(gap.to)));
    if (gap.cause === 'handover') this.#handoverEnd = 'unread';
  }

  async gaps(fromMinute: number): Promise<Gap[]> {
    return (await this.#gaps.all(isoMs(fromMinute * 1000))).map(inMilliseconds).sort(byStart);
  }

  async recordCoverage(coverage: Coverage): Promise<void> {
    await this.#coverage.put(coverage.id, coverage, isoMs(Date.parse(coverage.to)));
  }

  async coverage(fromMinute: number): Promise<Coverage[]> {
    const records = await this.#coverage.all(isoMs(fromMinute * 1000));
    return joinedCoverage(records.map(inMilliseconds).sort(byStart));
  }

  async recordAnomalies(anomalies: readonly RecordedAnomaly[]): Promise<void> {
    await this.#anomalies.record(anomalies);
  }

  async anomalies(range: AnomalyRange): Promise<RecordedAnomaly[]> {
    const found = await this.#anomalies.ofDays(range.from - MOST_ANOMALY_SECONDS, range.to);
    return found.filter(anomaly => isIn(range, anomaly)).sort(byAnomalyStart);
  }

  async recordExpectations(expectations: readonly HourExpectation[]): Promise<void> {
    await this.#expectations.record(expectations);
  }

  async expectations(fromMinute: number, toMinute: number): Promise<HourExpectation[]> {
    const found = await this.#expectations.ofDays(fromMinute, toMinute);
    return found.filter(({ hour }) => {
      const [start] = hourSeconds(hour);
      return start >= fromMinute && start < toMinute;
    });
  }

  async recordReads(reads: readonly StoredRead[]): Promise<void> {
    await this.#records.add(reads);
  }

  async lastRead(): Promise<ReadName | undefined> {
    const last = await this.#records.last();
    return last && { attempt: last.attempt, sequence: last.sequence };
  }

  async rebuilt(fromMinute: number, toMinute: number): Promise<HourRebuilt[]> {
    return this.#reader.rebuilt(fromMinute, toMinute);
  }

  async audits(fromMinute: number, toMinute: number, limit: number): Promise<AuditedHour[]> {
    return this.#reader.audits(fromMinute, toMinute, limit);
  }

  async hourRecord(hour: Hour): Promise<HourReading> {
    if (isFuture(hour, this.#now())) return NO_RECORD;
    try {
      return recordOf(hour, (await readHour(this.#store, hour)).hour);
    } catch (error) {
      if (isUnreadable(error)) return { kind: 'unreadable' };
      throw error;
    }
  }

  /** Nothing drops rows by their age. */
  async keptFrom(): Promise<undefined> {}

  async reads(fromMinute: number, toMinute = Infinity): Promise<ReadRanges> {
    const known = await this.#readsOfDays(fromMinute, toMinute);
    const { merged, reads } = await this.#records.between(
      fromMinute * 1000,
      toMinute * 1000,
      (hour, etag) => {
        const ofDay = known.get(hour);
        return ofDay?.etag === etag ? ofDay.records : undefined;
      },
    );
    const lacking = new Set(await this.#reader.lacking(reads.flatMap(({ keys }) => keys)));
    return readRanges(
      [
        ...merged.map(record => ({ ...record, isComplete: true })),
        ...reads.map(read => readRecordOf(read, !read.keys.some(key => lacking.has(key)))),
      ].sort((a, b) => a.toMs - b.toMs || a.sequence - b.sequence),
    );
  }

  /** Days save nothing where a few hours are asked about. */
  async #readsOfDays(fromMinute: number, toMinute: number): Promise<ReadonlyMap<Hour, ReadsInDay>> {
    if (toMinute - fromMinute <= LONG_SECONDS) return new Map();
    return this.#reader.readsOfDays(fromMinute, toMinute);
  }

  async sources(): Promise<GoldSource[]> {
    return (await this.#sources.all()).sort((a, b) => (a.url < b.url ? -1 : 1));
  }

  /** Days say themselves what their hours add up to. */
  async rollUp(): Promise<number> {
    return 0;
  }

  /** Nothing to create: objects are written when they are needed. */
  async prepare(): Promise<void> {}

  async wikis(limit: number): Promise<string[]> {
    return this.#reader.wikis(limit);
  }

  async activity(fromMinute: number, toMinute: number): Promise<WikiActivity[]> {
    return this.#reader.activity(fromMinute, toMinute);
  }

  async edits(wiki: string, fromMinute: number, stopSignal?: AbortSignal): Promise<MinuteEdits[]> {
    return this.#reader.edits(wiki, fromMinute, stopSignal);
  }

  async totals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<MinuteTotals[]> {
    return this.#reader.totals(wiki, fromMinute, toMinute, stopSignal);
  }

  /** Of one wiki, its minutes cost no more. */
  async hourTotals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<HourTotals[]> {
    return wiki === undefined ? this.#reader.hourTotals(fromMinute, toMinute, stopSignal) : [];
  }

  async lastMinute(): Promise<number | undefined> {
    return this.#reader.lastMinute();
  }

  unreadable(): readonly UnreadableObject[] {
    return this.#unreadable.all;
  }

  async ping(): Promise<void> {
    // The request that every read begins with.
    for await (const _page of this.#store.listObjects(GOLD_SOURCES)) return;
  }

  async close(): Promise<void> {}

  async #compact(day: string): Promise<CompactedDay> {
    const compacted = await compactDay(this.#store, day);
    if (compacted.isChanged) this.#reader.forget();
    return compacted;
  }

  /** Called before their rows are written: simulated data must never be visible without its label. */
  async #recordSources(sources: readonly GoldSource[]): Promise<void> {
    for (const source of sources) {
      await this.#sources.put(source.url, source);
      this.#recordedUrls.add(source.url);
    }
  }

  /** Listed once: a handover is recorded before our first part exists, and never changes. */
  async #handover(): Promise<number | undefined> {
    return this.#handoverEnd === 'unread' ? this.#noteHandover(await this.#gaps.allNow()) : this.#handoverEnd;
  }

  #noteHandover(gaps: readonly Gap[]): number | undefined {
    const end = handoverEndOf(gaps);
    this.#handoverEnd = end;
    return end;
  }

  /**
   * An hour that cannot be read has no ledger, so that its parts are handed over, and applying them says what is wrong.
   */
  async #readable(hour: Hour): Promise<GoldHour> {
    try {
      return await this.#writer.read(hour);
    } catch (error) {
      if (isUnreadable(error)) return EMPTY_HOUR;
      throw error;
    }
  }

  /** Hours of gold, latest first. */
  async *#hoursBackwards(prefix: string = GOLD_HOURS): AsyncGenerator<Hour> {
    const folders = await this.#store.folders(prefix);
    for (const folder of folders.toReversed()) {
      const hour = hourOfGoldPrefix(`${prefix}${folder}`);
      if (hour !== undefined) yield hour;
      else if (PARTITION.test(folder)) yield* this.#hoursBackwards(`${prefix}${folder}`);
    }
  }
}

interface Range {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

function gapsIn(hour: Hour, gaps: readonly Gap[]): Gap[] {
  const [start, end] = hourSeconds(hour);
  return gaps
    .filter(({ from, to }) => Date.parse(from) < end * 1000 && Date.parse(to) > start * 1000)
    .sort(byStart);
}

/** Formats instants as Postgres returns them, whatever precision they were written with. */
function inMilliseconds<T extends Range>(range: T): T {
  return { ...range, from: isoMs(Date.parse(range.from)), to: isoMs(Date.parse(range.to)) };
}

function byStart(a: Range, b: Range): number {
  return Date.parse(a.from) - Date.parse(b.from) || (a.id < b.id ? -1 : 1);
}
