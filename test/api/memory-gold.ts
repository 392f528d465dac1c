/**
 * Gold in memory, which a test fills, breaks and repairs. Order and bounds follow the port; the contract suite of the
 * port runs against the real stores.
 */
import type { HourExpectation } from '../../src/contracts/storage/hour-expectation.ts';
import type { RecordedAnomaly } from '../../src/contracts/storage/recorded-anomaly.ts';
import { isIn } from '../../src/gold/anomalies.ts';
import type { AnomalyRange } from '../../src/gold/anomalies.ts';
import type { Coverage } from '../../src/core/backfill.ts';
import type { HourRebuilt } from '../../src/core/coverage/known.ts';
import type { ReadRanges } from '../../src/core/coverage/read-ranges.ts';
import type { Gap } from '../../src/core/gaps.ts';
import type { GoldSource } from '../../src/contracts/storage/gold-source.ts';
import { totalsOfHour } from '../../src/core/series.ts';
import type { HourTotals, MinuteTotals } from '../../src/core/series.ts';
import { hourOf } from '../../src/core/time.ts';
import type { Hour } from '../../src/core/time.ts';
import { NO_RECORD } from '../../src/gold/hour-record.ts';
import type { HourReading } from '../../src/gold/hour-record.ts';
import type {
  AuditedHour,
  GoldReader,
  HourContents,
  MinuteEdits,
  WikiActivity,
} from '../../src/gold/gold-store.ts';

/** An hour that was rebuilt five minutes after its end. */
export function auditedHourOf(hour: string, change: Partial<AuditedHour['audit']> = {}): AuditedHour {
  const rebuiltAtMs = Date.parse(`${hour}:00:00Z`) + 65 * 60_000;
  const counts = { parts: 2, events: 12, edits: 9, distinct: 8, duplicates: 1, late: 0, unusable: 0 };
  const audit = { isSealed: true, ...counts, changedRows: 1, gaps: 0, rebuiltAtMs, ...change };
  return { hour, audit, rebuiltAt: new Date(rebuiltAtMs).toISOString(), hasDigests: true };
}

export class MemoryGold implements GoldReader {
  readonly kind = 'postgres';
  #minutes = new Map<string, Map<number, MinuteTotals>>();
  #sources: GoldSource[] = [];
  #gaps: Gap[] = [];
  #coverage: Coverage[] = [];
  #anomalies: RecordedAnomaly[] = [];
  #expectations: HourExpectation[] = [];
  #reads: ReadRanges = { read: [], pending: [] };
  #rebuilt: HourRebuilt[] = [];
  #audits: AuditedHour[] = [];
  readonly #records = new Map<string, HourReading>();
  #keptFrom: number | undefined;
  /** Thrown by every call while set. */
  failure: Error | undefined = undefined;
  /** How often `totals` was called. */
  totalsAsked = 0;
  /** First epoch seconds of the hours that are summed up, ascending. */
  summedUp: readonly number[] = [];
  /** How many calls were stopped while they waited. */
  stopped = 0;
  /** While set, every call waits for it. */
  #held: { readonly until: Promise<void>; readonly reached: () => void } | undefined;

  /** Sets (not adds) the counts of a minute. */
  put(wiki: string, minute: number, human: number, bot: number, bytes = 0): void {
    const minutes = this.#minutes.get(wiki) ?? new Map<number, MinuteTotals>();
    minutes.set(minute, { minute, human, bot, bytes });
    this.#minutes.set(wiki, minutes);
  }

  setGaps(...gaps: Gap[]): void {
    this.#gaps = gaps;
  }

  setCoverage(...coverage: Coverage[]): void {
    this.#coverage = coverage;
  }

  /** What is known of reading, of rebuilds, and from which epoch second on rows are kept. */
  setReads(reads: ReadRanges, rebuilt: HourRebuilt[] = [], keptFrom?: number): void {
    this.#reads = reads;
    this.#rebuilt = rebuilt;
    this.#keptFrom = keptFrom;
  }

  setAudits(...audits: AuditedHour[]): void {
    this.#audits = audits;
  }

  setRecord(hour: string, record: HourReading): void {
    this.#records.set(hour, record);
  }

  setAnomalies(...anomalies: RecordedAnomaly[]): void {
    this.#anomalies = anomalies;
  }

  setExpectations(...expectations: HourExpectation[]): void {
    this.#expectations = expectations;
  }

  setSources(...sources: GoldSource[]): void {
    this.#sources = sources;
  }

  /** Makes every call wait for `release`; `reached` resolves when the first call waits. */
  hold(): { readonly reached: Promise<void>; readonly release: () => void } {
    let release = (): void => undefined;
    let arrived = (): void => undefined;
    const until = new Promise<void>(resolve => (release = resolve));
    const reached = new Promise<void>(resolve => (arrived = resolve));
    this.#held = { until, reached: arrived };
    return {
      reached,
      release: () => {
        this.#held = undefined;
        release();
      },
    };
  }

  async wikis(limit: number): Promise<string[]> {
    await this.#answer();
    const newest = (wiki: string): number => Math.max(...(this.#minutes.get(wiki)?.keys() ?? []));
    return [...this.#minutes.keys()].sort((a, b) => newest(b) - newest(a)).slice(0, limit);
  }

  async activity(fromMinute: number, toMinute: number): Promise<WikiActivity[]> {
    await this.#answer();
    const activity = [...this.#minutes].map(([wiki, minutes]): WikiActivity => {
      const rows = [...minutes.values()].filter(({ minute }) => minute >= fromMinute && minute < toMinute);
      const sum = (flag: 'human' | 'bot'): number => rows.reduce((total, row) => total + row[flag], 0);
      return { wiki, human: sum('human'), bot: sum('bot'), lastMinute: Math.max(...minutes.keys()) };
    });
    return activity.sort((a, b) => (a.wiki < b.wiki ? -1 : 1));
  }

  async edits(wiki: string, fromMinute: number, stopSignal?: AbortSignal): Promise<MinuteEdits[]> {
    await this.#answer(stopSignal);
    const rows = [...(this.#minutes.get(wiki)?.values() ?? [])].filter(row => row.minute >= fromMinute);
    return rows.map(({ minute, human, bot }) => ({ minute, human, bot })).sort((a, b) => a.minute - b.minute);
  }

  async totals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<MinuteTotals[]> {
    this.totalsAsked += 1;
    await this.#answer(stopSignal);
    return this.#between(wiki, fromMinute, toMinute);
  }

  #between(wiki: string | undefined, fromMinute: number, toMinute: number): MinuteTotals[] {
    const sums = new Map<number, MinuteTotals>();
    for (const of of wiki === undefined ? this.#minutes.keys() : [wiki]) {
      for (const row of this.#minutes.get(of)?.values() ?? []) {
        if (row.minute < fromMinute || row.minute >= toMinute) continue;
        const sum = sums.get(row.minute) ?? { minute: row.minute, human: 0, bot: 0, bytes: 0 };
        const { minute, human, bot, bytes } = sum;
        sums.set(minute, { minute, human: human + row.human, bot: bot + row.bot, bytes: bytes + row.bytes });
      }
    }
    return [...sums.values()].sort((a, b) => a.minute - b.minute);
  }

  async hourTotals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<HourTotals[]> {
    await this.#answer(stopSignal);
    const within = this.summedUp.filter(hour => hour >= fromMinute && hour + 3_600 <= toMinute);
    return within.map(hour => totalsOfHour(hour, this.#between(wiki, hour, hour + 3_600)));
  }

  async lastMinute(): Promise<number | undefined> {
    await this.#answer();
    const minutes = [...this.#minutes.values()].flatMap(ofWiki => [...ofWiki.keys()]);
    return minutes.length === 0 ? undefined : Math.max(...minutes);
  }

  async gaps(fromMinute: number): Promise<Gap[]> {
    await this.#answer();
    const reaching = this.#gaps.filter(({ to }) => Date.parse(to) / 1000 > fromMinute);
    return reaching.sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
  }

  async anomalies(range: AnomalyRange): Promise<RecordedAnomaly[]> {
    await this.#answer();
    return this.#anomalies.filter(anomaly => isIn(range, anomaly));
  }

  async expectations(fromMinute: number, toMinute: number): Promise<HourExpectation[]> {
    await this.#answer();
    const begin = ({ hour }: HourExpectation): number => Date.parse(`${hour}:00:00Z`) / 1000;
    return this.#expectations.filter(one => begin(one) >= fromMinute && begin(one) < toMinute);
  }

  async coverage(fromMinute: number): Promise<Coverage[]> {
    await this.#answer();
    return this.#coverage.filter(({ to }) => Date.parse(to) / 1000 > fromMinute);
  }

  async reads(_fromMinute: number, _toMinute?: number): Promise<ReadRanges> {
    await this.#answer();
    return this.#reads;
  }

  async rebuilt(_fromMinute: number, _toMinute: number): Promise<HourRebuilt[]> {
    await this.#answer();
    return this.#rebuilt;
  }

  async audits(fromMinute: number, toMinute: number, limit: number): Promise<AuditedHour[]> {
    await this.#answer();
    const begin = ({ hour }: AuditedHour): number => Date.parse(`${hour}:00:00Z`) / 1000;
    const within = this.#audits.filter(hour => begin(hour) >= fromMinute && begin(hour) < toMinute);
    return within.sort((a, b) => begin(b) - begin(a)).slice(0, limit);
  }

  async contents(hour: Hour): Promise<HourContents> {
    await this.#answer();
    const rows = [...this.#minutes].flatMap(([wiki, minutes]) =>
      [...minutes.values()]
        .filter(({ minute }) => hourOf(minute) === hour)
        .flatMap(({ minute, human, bot, bytes }) => [
          { minute, wiki, isBot: false, edits: human, bytesChange: bytes },
          { minute, wiki, isBot: true, edits: bot, bytesChange: 0 },
        ]),
    );
    return { rows: rows.filter(({ edits }) => edits > 0), keys: [] };
  }

  async versions(hours: readonly Hour[]): Promise<string[]> {
    return Promise.all(hours.map(async hour => JSON.stringify(await this.contents(hour))));
  }

  async hourRecord(hour: string): Promise<HourReading> {
    await this.#answer();
    const audited = this.#audits.find(one => one.hour === hour);
    return this.#records.get(hour) ?? { ...NO_RECORD, audited };
  }

  async keptFrom(): Promise<number | undefined> {
    await this.#answer();
    return this.#keptFrom;
  }

  async sources(): Promise<GoldSource[]> {
    await this.#answer();
    return this.#sources;
  }

  async ping(): Promise<void> {
    await this.#answer();
  }

  async #answer(stopSignal?: AbortSignal): Promise<void> {
    this.#held?.reached();
    if (this.#held !== undefined) {
      const stop = stopSignal === undefined ? [] : [this.#stop(stopSignal)];
      await Promise.race([this.#held.until, ...stop]);
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Rejects when the signal aborts. */
  #stop(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => {
        this.stopped += 1;
        reject(signal.reason as Error);
      }),
    );
  }
}
