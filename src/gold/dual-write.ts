/**
 * Gold in two places, for moving from one to the other. Reads come from the first place; writes go to both. Every write
 * is idempotent, so when only the second one fails the caller repeats both.
 */
import type { ReadName, StoredRead } from '../contracts/storage/stored-read.ts';
import type { Coverage } from '../core/backfill.ts';
import type { HourRebuilt } from '../core/coverage/known.ts';
import type { ReadRanges } from '../core/coverage/read-ranges.ts';
import type { Gap } from '../core/gaps.ts';
import type { HourTotals, MinuteTotals } from '../core/series.ts';
import type { Hour } from '../core/time.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type {
  AppliedPart,
  AuditedHour,
  FilledHour,
  GoldDays,
  GoldStore,
  HourContents,
  HourOutcome,
  MinuteEdits,
  OlderProject,
  RebuiltHour,
  WikiActivity,
} from './gold-store.ts';
import type { HourExpectation } from '../contracts/storage/hour-expectation.ts';
import type { RecordedAnomaly } from '../contracts/storage/recorded-anomaly.ts';
import type { AnomalyRange } from './anomalies.ts';
import type { HourReading } from './hour-record.ts';
import type { UnreadableObject } from './unreadable-objects.ts';

export class DualWriteGold implements GoldStore {
  readonly kind: GoldStore['kind'];
  readonly days: GoldDays | undefined;
  readonly #first: GoldStore;
  readonly #second: GoldStore;

  constructor(first: GoldStore, second: GoldStore) {
    this.#first = first;
    this.#second = second;
    this.kind = first.kind;
    this.days = first.days ?? second.days;
  }

  async apply(part: AppliedPart): Promise<boolean> {
    const applied = await this.#first.apply(part);
    await this.#second.apply(part);
    return applied;
  }

  async unapplied(keys: readonly string[]): Promise<string[]> {
    const unapplied = await this.#union(gold => gold.unapplied(keys));
    return keys.filter(key => unapplied.has(key));
  }

  async unsealed(hours: readonly Hour[]): Promise<Hour[]> {
    const unsealed = await this.#union(gold => gold.unsealed(hours));
    return hours.filter(hour => unsealed.has(hour));
  }

  async lastStreamHour(): Promise<Hour | undefined> {
    const last = await this.#each(gold => gold.lastStreamHour());
    return last
      .filter(hour => hour !== undefined)
      .sort()
      .at(-1);
  }

  async appliedForeign(from: Hour, to: Hour): Promise<string[]> {
    return [...(await this.#union(gold => gold.appliedForeign(from, to)))];
  }

  /** Of the place that has something of it. */
  async olderProject(nowMs: number): Promise<OlderProject | undefined> {
    const found = await this.#each(gold => gold.olderProject(nowMs));
    return found.find(older => older !== undefined);
  }

  /** Stale if either place is: the caller then counts the hour again and replaces it in both. */
  async replaceHour(rebuilt: RebuiltHour): Promise<HourOutcome> {
    const outcome = await this.#first.replaceHour(rebuilt);
    if (outcome.kind === 'stale') return outcome;
    const second = await this.#second.replaceHour(rebuilt);
    return second.kind === 'stale' ? second : outcome;
  }

  async fillHour(filled: FilledHour): Promise<number> {
    const [changed = 0] = await this.#each(gold => gold.fillHour(filled));
    return changed;
  }

  async recordGap(gap: Gap): Promise<void> {
    await this.#each(gold => gold.recordGap(gap));
  }

  async recordCoverage(coverage: Coverage): Promise<void> {
    await this.#each(gold => gold.recordCoverage(coverage));
  }

  async recordReads(reads: readonly StoredRead[]): Promise<void> {
    await this.#each(gold => gold.recordReads(reads));
  }

  async recordAnomalies(anomalies: readonly RecordedAnomaly[]): Promise<void> {
    await this.#each(gold => gold.recordAnomalies(anomalies));
  }

  async anomalies(range: AnomalyRange): Promise<RecordedAnomaly[]> {
    return this.#first.anomalies(range);
  }

  async recordExpectations(expectations: readonly HourExpectation[]): Promise<void> {
    await this.#each(gold => gold.recordExpectations(expectations));
  }

  async expectations(fromMinute: number, toMinute: number): Promise<HourExpectation[]> {
    return this.#first.expectations(fromMinute, toMinute);
  }

  /** The one that both places have. */
  async lastRead(): Promise<ReadName | undefined> {
    const [first, second] = await this.#each(gold => gold.lastRead());
    return first?.attempt === second?.attempt && first?.sequence === second?.sequence ? first : undefined;
  }

  async rollUp(stopSignal: AbortSignal): Promise<number> {
    return Math.max(...(await this.#each(gold => gold.rollUp(stopSignal))));
  }

  async prepare(): Promise<void> {
    await this.#each(gold => gold.prepare());
  }

  async wikis(limit: number): Promise<string[]> {
    return this.#first.wikis(limit);
  }

  async activity(fromMinute: number, toMinute: number): Promise<WikiActivity[]> {
    return this.#first.activity(fromMinute, toMinute);
  }

  async edits(wiki: string, fromMinute: number, stopSignal?: AbortSignal): Promise<MinuteEdits[]> {
    return this.#first.edits(wiki, fromMinute, stopSignal);
  }

  async totals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<MinuteTotals[]> {
    return this.#first.totals(wiki, fromMinute, toMinute, stopSignal);
  }

  async hourTotals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<HourTotals[]> {
    return this.#first.hourTotals(wiki, fromMinute, toMinute, stopSignal);
  }

  async lastMinute(): Promise<number | undefined> {
    return this.#first.lastMinute();
  }

  async gaps(fromMinute: number): Promise<Gap[]> {
    return this.#first.gaps(fromMinute);
  }

  async coverage(fromMinute: number): Promise<Coverage[]> {
    return this.#first.coverage(fromMinute);
  }

  async reads(fromMinute: number, toMinute?: number): Promise<ReadRanges> {
    return this.#first.reads(fromMinute, toMinute);
  }

  async rebuilt(fromMinute: number, toMinute: number): Promise<HourRebuilt[]> {
    return this.#first.rebuilt(fromMinute, toMinute);
  }

  async audits(fromMinute: number, toMinute: number, limit: number): Promise<AuditedHour[]> {
    return this.#first.audits(fromMinute, toMinute, limit);
  }

  async contents(hour: Hour): Promise<HourContents> {
    return this.#first.contents(hour);
  }

  told(hasChanged: boolean): void {
    this.#first.told?.(hasChanged);
  }

  async versions(hours: readonly Hour[]): Promise<string[]> {
    return this.#first.versions(hours);
  }

  async hourRecord(hour: Hour): Promise<HourReading> {
    return this.#first.hourRecord(hour);
  }

  async keptFrom(): Promise<number | undefined> {
    return this.#first.keptFrom();
  }

  /** Of both places, so that simulated data in either is labelled. */
  async sources(): Promise<GoldSource[]> {
    const sources = (await this.#each(gold => gold.sources())).flat();
    // The first place wins.
    const byUrl = new Map(sources.toReversed().map(source => [source.url, source]));
    return [...byUrl.values()].sort((a, b) => (a.url < b.url ? -1 : 1));
  }

  /** Of the place that is read. */
  unreadable(): readonly UnreadableObject[] {
    return this.#first.unreadable?.() ?? [];
  }

  async ping(): Promise<void> {
    await this.#first.ping();
  }

  async close(): Promise<void> {
    await this.#each(gold => gold.close());
  }

  async #each<T>(call: (gold: GoldStore) => Promise<T>): Promise<T[]> {
    return [await call(this.#first), await call(this.#second)];
  }

  async #union(call: (gold: GoldStore) => Promise<string[]>): Promise<Set<string>> {
    return new Set((await this.#each(call)).flat());
  }
}
