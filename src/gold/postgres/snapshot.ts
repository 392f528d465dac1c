/** Snapshots of gold in Postgres. One read-only transaction an hour, so that rows, ledger and audit are consistent. */
import type { MinuteRow } from '../../core/minute-counts.ts';
import type { GoldSnapshots, HourSums, LedgerEntry, SnapshotAudit } from '../snapshot.ts';
import { PostgresPool } from './pool.ts';
import { readKeptFrom } from './retention.ts';
import { evidenceOfRow, hourAudit, hourEvidence } from './sql/audit.ts';
import type { EvidenceRow } from './sql/audit.ts';
import { correctionsOfRows, hourCorrections } from './sql/corrections.ts';
import type { CorrectionRow } from './sql/corrections.ts';
import { missingOffsets, readHandover } from './sql/gaps.ts';
import { hourRows } from './sql/hours.ts';
import { hourLedger } from './sql/ledger.ts';
import { rollUpOfHour } from './sql/roll-ups.ts';
import type { RolledRow } from './sql/roll-ups.ts';

const STATEMENT_TIMEOUT_MS = 120_000;
/** Reads at one instant. */
export const BEGIN = 'begin isolation level repeatable read read only';

export function openPostgresSnapshots(dsn: string): GoldSnapshots {
  const pool = new PostgresPool({
    dsn,
    maxConnections: 1,
    applicationName: 'wikigauge verify',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  return {
    async hour(hour) {
      return pool.transaction(
        `read ${hour}`,
        async query => {
          const rows = await query<MinuteRow>(hourRows(hour));
          const ledger = await query<LedgerEntry>(hourLedger(hour));
          const [audit] = await query<SnapshotAudit>(hourAudit(hour));
          const [evidence] = await query<EvidenceRow>(hourEvidence(hour));
          const corrections = await query<CorrectionRow>(hourCorrections(hour));
          const [handover] = await query<{ before: number | null }>(readHandover(hour));
          const keptFrom = await readKeptFrom(query);
          const rolled = await query<RolledRow>(rollUpOfHour(hour));
          return {
            rows,
            ledger,
            audit,
            evidence: evidenceOfRow(evidence),
            corrections: correctionsOfRows(corrections),
            sums: sumsOfRows(rolled),
            handoverEnd: handover?.before ?? undefined,
            keptFrom,
          };
        },
        BEGIN,
      );
    },
    async missingOffsets(fromMs, toMs) {
      const gaps = await pool.transaction(
        'read gaps',
        query => query<{ topic: string | null; missing: number }>(missingOffsets(fromMs, toMs)),
        BEGIN,
      );
      return new Map(gaps.map(({ topic, missing }) => [topic ?? '', missing]));
    },
    close: () => pool.close(),
  };
}

function sumsOfRows(rows: readonly RolledRow[]): HourSums | undefined {
  const of = new Map(rows.map(({ wiki, ...totals }) => [wiki, totals]));
  const all = of.get(null);
  if (all === undefined) return undefined;
  const wikis = [...of].flatMap(([wiki, totals]) => (wiki === null ? [] : [[wiki, totals] as const]));
  return { all, wikis: new Map(wikis) };
}
