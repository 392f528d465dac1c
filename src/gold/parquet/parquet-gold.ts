/**
 * Gold as Parquet in S3, with no database. An hour is one object, and rows, ledger and audit change with it in one
 * conditional PUT (invariant 5); sources, gaps and coverage are small objects beside the datasets, written before the
 * rows that they are said of.
 */
import type { Coverage } from '../../core/backfill.ts';
import type { Gap } from '../../core/gaps.ts';
import {
  GOLD_COVERAGE,
  GOLD_GAPS,
  GOLD_HOURS,
  GOLD_SOURCES,
  STREAM_NAME_PREFIX,
  hourOfPartKey,
} from '../../contracts/storage/object-keys.ts';
import { mapBounded } from '../../core/map-bounded.ts';
import { HOUR_MS, hourStartMs, isoMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import { compactDay, staleDays } from './day-object.ts';
import { NO_HOUR, ledgerOf, partName, withFilled, withPart, withRebuilt } from './hour-state.ts';
import { HourWriter } from './hour-writer.ts';
import { Notes } from './metadata-store.ts';
import { GoldS3Reader } from './reader.ts';
import type { GoldSource } from '../../contracts/storage/gold-source.ts';
import type {
  AppliedPart,
  CompactedDay,
  FilledHour,
  GoldDays,
  GoldStore,
  HourOutcome,
  MinuteEdits,
  RebuiltHour,
} from '../gold-store.ts';
import type { ObjectStore, VersionedStore } from '../../store/object-store.ts';

/** How old what is known of sources, gaps and coverage may be. */
const NOTES_MAX_AGE_MS = 4_000;
const PARALLEL_READS = 8;

/** Opens gold; nothing is sent yet. The object store stays the caller's to close. */
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
  readonly #sources: Notes<GoldSource>;
  readonly #gaps: Notes<Gap>;
  readonly #coverage: Notes<Coverage>;
  /** Addresses of sources that were noted. */
  readonly #noted = new Set<string>();

  constructor(store: ObjectStore & VersionedStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#reader = new GoldS3Reader(store, now);
    this.#writer = new HourWriter(store, () => this.#reader.forget());
    this.#sources = new Notes(store, GOLD_SOURCES, NOTES_MAX_AGE_MS);
    this.#gaps = new Notes(store, GOLD_GAPS, NOTES_MAX_AGE_MS);
    this.#coverage = new Notes(store, GOLD_COVERAGE, NOTES_MAX_AGE_MS);
    this.days = {
      stale: nowMs => staleDays(store, nowMs),
      compact: day => this.#compact(day),
    };
  }

  async apply(part: AppliedPart): Promise<boolean> {
    const { url } = part.source;
    // Once a process; a rebuild notes it again, as after the loss of all of gold.
    if (!this.#noted.has(url)) await this.#noteSources([part.source]);
    return this.#writer.change(part.hour, known => withPart(known, part));
  }

  async unapplied(keys: readonly string[]): Promise<string[]> {
    const hours = [...new Set(keys.flatMap(key => hourOfPartKey(key) ?? []))];
    const read = await mapBounded(hours, PARALLEL_READS, hour => this.#writer.read(hour));
    const ledgers = new Map(hours.map((hour, at) => [hour, ledgerOf(read[at] ?? NO_HOUR)]));
    return keys.filter(key => ledgers.get(hourOfPartKey(key) ?? '')?.has(partName(key)) !== true);
  }

  async unsealed(hours: readonly Hour[]): Promise<Hour[]> {
    const read = await mapBounded(hours, PARALLEL_READS, hour => this.#writer.read(hour));
    return hours.filter((_, at) => read[at]?.audit?.isSealed !== true);
  }

  async lastStreamHour(): Promise<Hour | undefined> {
    for await (const hour of this.#hoursBackwards()) {
      const known = await this.#writer.read(hour);
      if ([...ledgerOf(known)].some(name => name.startsWith(STREAM_NAME_PREFIX))) return hour;
    }
    return undefined;
  }

  async replaceHour(rebuilt: RebuiltHour): Promise<HourOutcome> {
    const gaps = (await this.#gapsIn(rebuilt.hour)).length;
    await this.#noteSources(rebuilt.sources);
    return this.#writer.change(rebuilt.hour, known =>
      withRebuilt(known, rebuilt, { gaps, nowMs: this.#now() }),
    );
  }

  async fillHour(filled: FilledHour): Promise<number> {
    const gaps = await this.#gapsIn(filled.hour);
    const edges = gaps.flatMap(({ from, to }) => [Date.parse(from) / 1000, Date.parse(to) / 1000]);
    await this.#noteSources(filled.sources);
    return this.#writer.change(filled.hour, known => withFilled(known, filled, edges));
  }

  async recordGap(gap: Gap): Promise<void> {
    await this.#gaps.put(gap.id, gap, isoMs(Date.parse(gap.to)));
  }

  async gaps(fromMinute: number): Promise<Gap[]> {
    return (await this.#gaps.all(isoMs(fromMinute * 1000))).map(inMilliseconds).sort(byTime);
  }

  async recordCoverage(coverage: Coverage): Promise<void> {
    await this.#coverage.put(coverage.id, coverage, isoMs(Date.parse(coverage.to)));
  }

  async coverage(fromMinute: number): Promise<Coverage[]> {
    return (await this.#coverage.all(isoMs(fromMinute * 1000))).map(inMilliseconds).sort(byTime);
  }

  async sources(): Promise<GoldSource[]> {
    return (await this.#sources.all()).sort((a, b) => (a.url < b.url ? -1 : 1));
  }

  /** There is nothing to make: objects are made as they are needed. */
  async prepare(): Promise<void> {}

  async wikis(limit: number): Promise<string[]> {
    return this.#reader.wikis(limit);
  }

  async edits(wiki: string, fromMinute: number): Promise<MinuteEdits[]> {
    return this.#reader.edits(wiki, fromMinute);
  }

  async lastMinute(): Promise<number | undefined> {
    return this.#reader.lastMinute();
  }

  async ping(): Promise<void> {
    // As everything else is found out: by a listing.
    for await (const _page of this.#store.listObjects(GOLD_SOURCES)) return;
  }

  async close(): Promise<void> {}

  async #compact(day: string): Promise<CompactedDay> {
    const compacted = await compactDay(this.#store, day);
    if (compacted.isChanged) this.#reader.forget();
    return compacted;
  }

  /** Before the rows that they brought: made-up data must never be seen without its label. */
  async #noteSources(sources: readonly GoldSource[]): Promise<void> {
    for (const source of sources) {
      await this.#sources.put(source.url, source);
      this.#noted.add(source.url);
    }
  }

  async #gapsIn(hour: Hour): Promise<Gap[]> {
    const startMs = hourStartMs(hour) ?? 0;
    const gaps = await this.#gaps.allNow(isoMs(startMs));
    return gaps.filter(({ from }) => Date.parse(from) < startMs + HOUR_MS).sort(byTime);
  }

  /** Hours that gold has, the latest first. */
  async *#hoursBackwards(prefix: string = GOLD_HOURS): AsyncGenerator<Hour> {
    const folders = await this.#store.folders(prefix);
    for (const folder of folders.toReversed()) {
      // gold/edits_per_min/yyyy=2026/mm=11/dd=20/hh=10/
      const [, yyyy, mm, dd, hh] =
        /yyyy=(\d{4})\/mm=(\d\d)\/dd=(\d\d)\/hh=(\d\d)\/$/.exec(`${prefix}${folder}`) ?? [];
      if (hh === undefined) yield* this.#hoursBackwards(`${prefix}${folder}`);
      else yield `${yyyy}-${mm}-${dd}T${hh}`;
    }
  }
}

interface Stretch {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** Instants as Postgres gives them back, however they were written. */
function inMilliseconds<T extends Stretch>(stretch: T): T {
  return { ...stretch, from: isoMs(Date.parse(stretch.from)), to: isoMs(Date.parse(stretch.to)) };
}

function byTime(a: Stretch, b: Stretch): number {
  return Date.parse(a.from) - Date.parse(b.from) || (a.id < b.id ? -1 : 1);
}
