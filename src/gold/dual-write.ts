/**
 * Gold in two places at once, as during a move from one to the other. Everything is written to both, and every write is
 * idempotent: what failed between the two is repeated as a whole. Read is the first.
 */
import type { Coverage } from '../core/backfill.ts';
import type { Gap } from '../core/gaps.ts';
import type { Hour } from '../core/time.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type {
  AppliedPart,
  FilledHour,
  GoldDays,
  GoldStore,
  HourOutcome,
  MinuteEdits,
  RebuiltHour,
} from './gold-store.ts';

export class BothGolds implements GoldStore {
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
    const lacking = await this.#union(gold => gold.unapplied(keys));
    return keys.filter(key => lacking.has(key));
  }

  async unsealed(hours: readonly Hour[]): Promise<Hour[]> {
    const lacking = await this.#union(gold => gold.unsealed(hours));
    return hours.filter(hour => lacking.has(hour));
  }

  async lastStreamHour(): Promise<Hour | undefined> {
    const known = await this.#each(gold => gold.lastStreamHour());
    return known
      .filter(hour => hour !== undefined)
      .sort()
      .at(-1);
  }

  /** Stale where either is: the hour is then counted again, and replaced in both. */
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

  async prepare(): Promise<void> {
    await this.#each(gold => gold.prepare());
  }

  async wikis(limit: number): Promise<string[]> {
    return this.#first.wikis(limit);
  }

  async edits(wiki: string, fromMinute: number): Promise<MinuteEdits[]> {
    return this.#first.edits(wiki, fromMinute);
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

  /** Of both: neither may hold made-up data that the other does not know of. */
  async sources(): Promise<GoldSource[]> {
    const known = (await this.#each(gold => gold.sources())).flat();
    const byUrl = new Map(known.toReversed().map(source => [source.url, source]));
    return [...byUrl.values()].sort((a, b) => (a.url < b.url ? -1 : 1));
  }

  async ping(): Promise<void> {
    await this.#first.ping();
  }

  async close(): Promise<void> {
    await this.#each(gold => gold.close());
  }

  async #each<T>(ask: (gold: GoldStore) => Promise<T>): Promise<T[]> {
    return [await ask(this.#first), await ask(this.#second)];
  }

  async #union(ask: (gold: GoldStore) => Promise<string[]>): Promise<Set<string>> {
    return new Set((await this.#each(ask)).flat());
  }
}
