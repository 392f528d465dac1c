/**
 * Gold in Postgres, schema `gold`. This folder holds everything that knows SQL or the driver: the pool and the errors
 * of connections, the statements (`sql/`, one table or one operation a file) and the migrations.
 *
 * A part's counts and its key are written in one transaction (invariant 5).
 */
import type { ReadName, StoredRead } from '../../contracts/storage/stored-read.ts';
import type { Coverage } from '../../core/backfill.ts';
import { readRanges } from '../../core/coverage/read-ranges.ts';
import type { HourRebuilt } from '../../core/coverage/known.ts';
import type { ReadRanges } from '../../core/coverage/read-ranges.ts';
import type { Gap } from '../../core/gaps.ts';
import { hourOfPartKey } from '../../contracts/storage/object-keys.ts';
import type { ReadStretch } from '../../core/open-minutes.ts';
import type { MinuteRow } from '../../core/minute-counts.ts';
import type { HourTotals, MinuteTotals } from '../../core/series.ts';
import { hourOf, isoMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { GoldSource } from '../../contracts/storage/gold-source.ts';
import { planFill } from '../fill-plan.ts';
import { auditedHour, correctionOf, evidenceOf, fillCorrectionOf } from '../hour-evidence.ts';
import { pendingRows } from '../pending-parts.ts';
import { keptBy, loadedBefore, olderBefore, planRebuild } from '../older-rows.ts';
import type {
  AppliedPart,
  AuditedHour,
  FilledHour,
  GoldStore,
  HourContents,
  HourOutcome,
  MinuteEdits,
  OlderProject,
  RebuiltHour,
  WikiActivity,
} from '../gold-store.ts';
import { migrate } from './migrate.ts';
import { PostgresPool } from './pool.ts';
import type { PostgresSettings } from './pool.ts';
import { KeptFrom, readKeptFrom } from './retention.ts';
import {
  auditOfRow,
  auditsIn,
  evidenceOfRow,
  hourEvidence,
  readCovered,
  unsealedHours,
  writeAudit,
} from './sql/audit.ts';
import type { AuditRow, CoveredRow, EvidenceRow } from './sql/audit.ts';
import { hourSeconds } from '../hour-seconds.ts';
import { NO_RECORD } from '../hour-record.ts';
import type { HourRecord } from '../hour-record.ts';
import type { LedgerEntry } from '../snapshot.ts';
import { BEGIN } from './snapshot.ts';
import { addCorrection, correctionsOfRows, hourCorrections } from './sql/corrections.ts';
import type { CorrectionRow } from './sql/corrections.ts';
import { joinedCoverage } from '../coverage-record.ts';
import { isHourExpectation } from '../../contracts/storage/hour-expectation.ts';
import type { HourExpectation } from '../../contracts/storage/hour-expectation.ts';
import { isRecordedAnomaly } from '../../contracts/storage/recorded-anomaly.ts';
import type { RecordedAnomaly } from '../../contracts/storage/recorded-anomaly.ts';
import type { AnomalyRange } from '../anomalies.ts';
import { anomaliesIn, recordAnomalies } from './sql/anomalies.ts';
import type { AnomalyRow } from './sql/anomalies.ts';
import { expectationsIn, recordExpectations } from './sql/expectations.ts';
import type { ExpectationRow } from './sql/expectations.ts';
import { coverageOf, coverageSince, recordCoverage } from './sql/coverage.ts';
import type { CoverageRow } from './sql/coverage.ts';
import { gapOf, gapsSince, readHandover, recordGap } from './sql/gaps.ts';
import type { GapRow } from './sql/gaps.ts';
import { lastRead, readRecordOf, readsIn, recordReads } from './sql/records.ts';
import type { ReadRow } from './sql/records.ts';
import {
  addMissingRows,
  correctedRows,
  hourRows,
  hourSums,
  replaceLoadedRows,
  replaceOpenRows,
  replaceRows,
} from './sql/hours.ts';
import {
  foreignKeys,
  hourVersions,
  hourLedger,
  lastStreamKey,
  markApplied,
  olderProject,
  unappliedKeys,
  uncountedKeys,
  rebuiltHours,
} from './sql/ledger.ts';
import { lockHour } from './sql/locks.ts';
import { minuteEdits, minuteTotals, newestMinute, wikiActivity, wikisByActivity } from './sql/minutes.ts';
import { applyPart } from './sql/parts.ts';
import { hoursToRollUp, removeRolledBefore, rollUpHour, rolledHours } from './sql/roll-ups.ts';
import { addSource, allSources } from './sql/sources.ts';

const DAY_SEC = 86_400;
const MIGRATION_TIMEOUT_MS = 30_000;
/** Some seconds of work. */
const HOURS_AT_A_TIME = 24;

/** Opens a pool; connects on demand. */
export function openPostgresGold(settings: PostgresSettings): GoldStore {
  return new PostgresGold(settings);
}

interface Changed {
  readonly changed: number;
}

interface HandoverRow {
  readonly before: number | null;
}

interface OlderProjectRow {
  readonly isThere: boolean;
  readonly lastMinute: number | null;
  readonly quietMs: number | null;
}

interface LedgerKey {
  readonly s3_key: string;
}

class PostgresGold implements GoldStore {
  readonly kind = 'postgres';
  readonly days = undefined;
  readonly #pool: PostgresPool;
  readonly #dsn: string;
  readonly #kept: KeptFrom;

  constructor(settings: PostgresSettings) {
    this.#dsn = settings.dsn;
    const pool = new PostgresPool(settings);
    this.#pool = pool;
    this.#kept = new KeptFrom(statement => pool.query(statement));
  }

  async apply(part: AppliedPart): Promise<boolean> {
    const [row] = await this.#pool.query<{ applied: number }>(applyPart(part));
    return row?.applied === 1;
  }

  async unapplied(keys: readonly string[]): Promise<string[]> {
    const rows = await this.#pool.query<LedgerKey>(unappliedKeys(keys));
    return rows.map(row => row.s3_key);
  }

  async unsealed(hours: readonly Hour[]): Promise<Hour[]> {
    const rows = await this.#pool.query<{ hour: Hour }>(unsealedHours(hours));
    return rows.map(row => row.hour);
  }

  async lastStreamHour(): Promise<Hour | undefined> {
    const [row] = await this.#pool.query<LedgerKey>(lastStreamKey());
    return row === undefined ? undefined : hourOfPartKey(row.s3_key);
  }

  async olderProject(nowMs: number): Promise<OlderProject | undefined> {
    const [row] = await this.#pool.query<OlderProjectRow>(olderProject(nowMs));
    if (row?.isThere !== true) return undefined;
    return { lastMinute: row.lastMinute ?? undefined, quietMs: row.quietMs ?? undefined };
  }

  async appliedForeign(from: Hour, to: Hour): Promise<string[]> {
    return (await this.#pool.query<LedgerKey>(foreignKeys(from, to))).map(row => row.s3_key);
  }

  async replaceHour(rebuilt: RebuiltHour): Promise<HourOutcome> {
    const { hour, keys, counts, sources, uncountedForeign = [], recountedTo } = rebuilt;
    return this.#pool.transaction<HourOutcome>(`rebuild ${hour}`, async query => {
      await query(lockHour(hour));
      const uncounted = await query<LedgerKey>(uncountedKeys(hour, [...keys, ...uncountedForeign]));
      if (uncounted.length > 0) return { kind: 'stale', uncounted: uncounted.map(row => row.s3_key) };
      const entered = new Set((await query<LedgerKey>(markApplied(keys))).map(row => row.s3_key));
      for (const source of sources) await query(addSource(source));
      const [handover] = await query<HandoverRow>(readHandover(hour));
      const before = handover?.before ?? undefined;
      const plan = planRebuild(hour, { keys, rows: counts.rows }, olderBefore(before, rebuilt));
      const pending = pendingRows(rebuilt, key => entered.has(key), plan.from, before);
      // Before the rows are replaced: compares with what gold has.
      const [corrected] =
        pending.rows.length === 0 ? [] : await query<Changed>(correctedRows(hour, plan, pending.rows));
      const [replaced] = await query<Changed>(replaceRows(hour, plan));
      let changedRows = (corrected ?? replaced)?.changed ?? 0;
      for (const loaded of plan.loaded) {
        const [more] = await query<Changed>(replaceLoadedRows(loaded));
        changedRows += more?.changed ?? 0;
      }
      const kept = keptBy(plan, hour);
      const [known] = await query<EvidenceRow>(hourEvidence(hour));
      const older = { audit: known, evidence: evidenceOfRow(known) };
      const isWhole = kept.keptBefore === undefined;
      const evidence = evidenceOf(rebuilt, isWhole ? plan.rows : undefined, changedRows, older);
      const correction = correctionOf(rebuilt, key => entered.has(key), changedRows, older, Date.now());
      if (correction !== undefined) await query(addCorrection(hour, correction));
      const keptBefore = recountedTo ?? kept.keptBefore;
      const [audit] = await query<{ gaps: number }>(
        writeAudit(rebuilt, { changedRows, keptBefore, evidence }),
      );
      await query(rollUpHour(hour));
      return { kind: 'replaced', changedRows, ...pending.outcome, gaps: audit?.gaps ?? 0, ...kept };
    });
  }

  async fillHour(filled: FilledHour): Promise<number> {
    const { hour, keys, sources } = filled;
    return this.#pool.transaction(`fill ${hour}`, async query => {
      await query(lockHour(hour));
      const [covered] = await query<CoveredRow>(readCovered(hour));
      const [handover] = await query<HandoverRow>(readHandover(hour));
      const before = handover?.before ?? undefined;
      const plan = planFill(filled, readRangeOf(covered), before);
      for (const source of sources) await query(addSource(source));
      const entered = new Set((await query<LedgerKey>(markApplied(keys))).map(row => row.s3_key));
      const [replaced] = await query<Changed>(replaceOpenRows(plan));
      const [added] = await query<Changed>(addMissingRows(plan));
      let changedRows = (replaced?.changed ?? 0) + (added?.changed ?? 0);
      for (const loaded of before === undefined ? [] : loadedBefore(before, hour, keys, filled.rows)) {
        const [more] = await query<Changed>(replaceLoadedRows(loaded));
        changedRows += more?.changed ?? 0;
      }
      const correction = fillCorrectionOf(filled, key => entered.has(key), changedRows, Date.now());
      if (correction !== undefined) await query(addCorrection(hour, correction));
      await query(rollUpHour(hour));
      return changedRows;
    });
  }

  async rollUp(stopSignal: AbortSignal): Promise<number> {
    const keptFrom = await readKeptFrom(statement => this.#pool.query(statement));
    const due = await this.#pool.query<{ second: number }>(hoursToRollUp(keptFrom, HOURS_AT_A_TIME));
    let rolled = 0;
    for (const { second } of due) {
      if (stopSignal.aborted) return rolled;
      const hour = hourOf(second);
      await this.#pool.transaction(`roll up ${hour}`, async query => {
        await query(lockHour(hour));
        await query(rollUpHour(hour));
      });
      rolled += 1;
    }
    if (keptFrom === undefined) return rolled;
    const [gone] = await this.#pool.query<{ removed: number }>(removeRolledBefore(keptFrom, HOURS_AT_A_TIME));
    return rolled + (gone?.removed ?? 0);
  }

  async recordCoverage(coverage: Coverage): Promise<void> {
    await this.#pool.query(recordCoverage(coverage));
  }

  async coverage(fromMinute: number): Promise<Coverage[]> {
    const keptFrom = await this.#kept.clip(0);
    const since = coverageSince(Math.max(fromMinute, keptFrom));
    const covered = (await this.#pool.query<CoverageRow>(since)).map(coverageOf);
    // Where rows have been dropped, what a backfill had fetched is unknown again.
    const first = isoMs(keptFrom * 1000);
    return joinedCoverage(covered.map(range => (range.from < first ? { ...range, from: first } : range)));
  }

  async recordAnomalies(anomalies: readonly RecordedAnomaly[]): Promise<void> {
    if (anomalies.length > 0) await this.#pool.query(recordAnomalies(anomalies));
  }

  async anomalies(range: AnomalyRange): Promise<RecordedAnomaly[]> {
    const rows = await this.#pool.query<AnomalyRow>(anomaliesIn(range));
    return rows.map(({ anomaly }) => anomaly).filter(isRecordedAnomaly);
  }

  async recordExpectations(expectations: readonly HourExpectation[]): Promise<void> {
    if (expectations.length > 0) await this.#pool.query(recordExpectations(expectations));
  }

  async expectations(fromMinute: number, toMinute: number): Promise<HourExpectation[]> {
    const rows = await this.#pool.query<ExpectationRow>(expectationsIn(fromMinute, toMinute));
    return rows.map(({ expectation }) => expectation).filter(isHourExpectation);
  }

  async recordGap(gap: Gap): Promise<void> {
    await this.#pool.query(recordGap(gap));
  }

  async gaps(fromMinute: number): Promise<Gap[]> {
    const from = await this.#kept.clip(fromMinute);
    return (await this.#pool.query<GapRow>(gapsSince(from))).map(gapOf);
  }

  async recordReads(reads: readonly StoredRead[]): Promise<void> {
    await this.#pool.query(recordReads(reads));
  }

  async lastRead(): Promise<ReadName | undefined> {
    const [row] = await this.#pool.query<ReadName>(lastRead());
    return row;
  }

  async reads(fromMinute: number, toMinute?: number): Promise<ReadRanges> {
    return readRanges((await this.#pool.query<ReadRow>(readsIn(fromMinute, toMinute))).map(readRecordOf));
  }

  async rebuilt(fromMinute: number, toMinute: number): Promise<HourRebuilt[]> {
    return this.#pool.query<HourRebuilt>(rebuiltHours(fromMinute, toMinute));
  }

  async audits(fromMinute: number, toMinute: number, limit: number): Promise<AuditedHour[]> {
    const rows = await this.#pool.query<AuditRow>(auditsIn(fromMinute, toMinute, limit));
    return rows.map(row => auditedHour(hourOf(row.hourMs / 1000), auditOfRow(row), evidenceOfRow(row)));
  }

  async contents(hour: Hour): Promise<HourContents> {
    // One snapshot, so that the rows are those of exactly these parts.
    return this.#pool.transaction(
      `read ${hour}`,
      async query => ({
        rows: await query<MinuteRow>(hourRows(hour)),
        keys: (await query<LedgerEntry>(hourLedger(hour))).map(({ key }) => key),
      }),
      BEGIN,
    );
  }

  async versions(hours: readonly Hour[]): Promise<string[]> {
    return (await this.#pool.query<{ version: string }>(hourVersions(hours))).map(row => row.version);
  }

  async hourRecord(hour: Hour): Promise<HourRecord> {
    const [from] = hourSeconds(hour);
    return this.#pool.transaction(
      `read ${hour}`,
      async query => {
        const [row] = await query<AuditRow>(auditsIn(from, from + 1, 1));
        const evidence = evidenceOfRow(row);
        const corrections = await query<CorrectionRow>(hourCorrections(hour));
        const ledger = await query<LedgerEntry>(hourLedger(hour));
        const [sums = NO_RECORD.sums] = await query<HourRecord['sums']>(hourSums(hour));
        return {
          kind: 'read',
          audited: row && auditedHour(hour, auditOfRow(row), evidence),
          evidence,
          corrections: correctionsOfRows(corrections),
          ledger,
          sums,
        };
      },
      BEGIN,
    );
  }

  async keptFrom(): Promise<number | undefined> {
    return this.#kept.get();
  }

  async prepare(): Promise<void> {
    await migrate(this.#dsn, { signal: AbortSignal.timeout(MIGRATION_TIMEOUT_MS) });
  }

  async wikis(limit: number): Promise<string[]> {
    const rows = await this.#pool.query<{ wiki: string }>(wikisByActivity(limit));
    return rows.map(row => row.wiki);
  }

  async activity(fromMinute: number, toMinute: number): Promise<WikiActivity[]> {
    return this.#pool.query<WikiActivity>(wikiActivity(fromMinute, toMinute));
  }

  async edits(wiki: string, fromMinute: number, stopSignal?: AbortSignal): Promise<MinuteEdits[]> {
    const from = await this.#kept.clip(fromMinute);
    return this.#pool.query<MinuteEdits>(minuteEdits(wiki, from), stopSignal);
  }

  async totals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<MinuteTotals[]> {
    const ask = (from: number, to: number): Promise<MinuteTotals[]> =>
      this.#pool.query(minuteTotals(wiki, from, to), stopSignal);
    const keptFrom = await this.#kept.clip(fromMinute);
    if (wiki !== undefined) return ask(keptFrom, toMinute);
    // A day of all wikis has some 400,000 rows: a month in one statement could take longer than a statement may.
    const totals: MinuteTotals[] = [];
    for (let from = keptFrom; from < toMinute; from += DAY_SEC)
      totals.push(...(await ask(from, Math.min(from + DAY_SEC, toMinute))));
    return totals;
  }

  async hourTotals(
    wiki: string | undefined,
    fromMinute: number,
    toMinute: number,
    stopSignal: AbortSignal,
  ): Promise<HourTotals[]> {
    const from = await this.#kept.clip(fromMinute);
    return this.#pool.query<HourTotals>(rolledHours(wiki, from, toMinute), stopSignal);
  }

  async lastMinute(): Promise<number | undefined> {
    const [row] = await this.#pool.query<{ minute: number | null }>(newestMinute());
    return row?.minute ?? undefined;
  }

  async sources(): Promise<GoldSource[]> {
    return this.#pool.query<GoldSource>(allSources());
  }

  async ping(): Promise<void> {
    await this.#pool.query({ text: 'select 1' });
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

function readRangeOf(row: CoveredRow | undefined): ReadStretch {
  return {
    isAudited: row?.audited === true,
    readFrom: instant(row?.covered_from_ms),
    readTo: instant(row?.covered_to_ms),
    gaps: row?.gaps_ms.map(ms => ms / 1000) ?? [],
  };
}

function instant(ms: number | null | undefined): Date | undefined {
  return typeof ms === 'number' ? new Date(ms) : undefined;
}
