/** The audit of hours, `gold.hours`: what the last rebuild found. */
import type { QueryConfig } from 'pg';
import { auditCounts } from '../../../contracts/storage/hour-audit.ts';
import type { AuditCounts, StoredAudit } from '../../../contracts/storage/hour-audit.ts';
import { belongsTo, evidenceIn } from '../../../contracts/storage/hour-evidence.ts';
import type { HourEvidence } from '../../../contracts/storage/hour-evidence.ts';
import type { Hour } from '../../../core/time.ts';
import type { RebuiltHour } from '../../gold-store.ts';
import { hourSeconds } from '../../hour-seconds.ts';
import { epochMs } from './epoch.ts';

/** Writes the audit of a rebuild; a seal stays. One row: `gaps`, the number of gaps that overlap the hour. */
export function writeAudit(
  { hour, keys, counts, isSealed, covered }: RebuiltHour,
  {
    changedRows,
    keptBefore,
    evidence,
  }: {
    readonly changedRows: number;
    readonly keptBefore?: number | undefined;
    readonly evidence?: HourEvidence | undefined;
  },
): QueryConfig {
  const [from, to] = hourSeconds(hour);
  const [coveredFromMs, coveredToMs] = covered ?? [];
  const seconds = (ms: number | undefined): number | null => (ms === undefined ? null : ms / 1000);
  const { parts, events, edits, distinct, duplicates, late, unusable } = auditCounts(keys, counts);
  return {
    name: 'write-audit',
    text: `
      insert into gold.hours as audit (
        hour, sealed, parts, events, edits, distinct_edits, duplicates, late, unusable, changed_rows,
        covered_from, covered_to, gaps, kept_before, evidence
      )
      select to_timestamp($1), $3::boolean, $4::integer, $5::bigint, $6::bigint, $7::bigint, $8::bigint, $9::bigint,
             $10::bigint, $11::integer, to_timestamp($12), to_timestamp($13), count(*),
             to_timestamp($14), $15::jsonb
      from gold.gaps where from_at < to_timestamp($2) and to_at > to_timestamp($1)
      on conflict (hour) do update set
        sealed = audit.sealed or excluded.sealed, parts = excluded.parts, events = excluded.events,
        edits = excluded.edits, distinct_edits = excluded.distinct_edits, duplicates = excluded.duplicates,
        late = excluded.late, unusable = excluded.unusable, changed_rows = excluded.changed_rows,
        covered_from = excluded.covered_from, covered_to = excluded.covered_to, gaps = excluded.gaps,
        kept_before = excluded.kept_before, evidence = excluded.evidence, rebuilt_at = now()
      returning gaps`,
    values: [
      from,
      to,
      isSealed,
      parts,
      events,
      edits,
      distinct,
      duplicates,
      late,
      unusable,
      changedRows,
      seconds(coveredFromMs),
      seconds(coveredToMs),
      keptBefore ?? null,
      evidence === undefined ? null : JSON.stringify(evidence),
    ],
  };
}

/** The hour's audit: at most one row, as `SnapshotAudit`. */
export function hourAudit(hour: Hour): QueryConfig {
  const [from] = hourSeconds(hour);
  return {
    name: 'hour-audit',
    text: `
      select sealed as "isSealed", parts, events, edits, distinct_edits as "distinct", duplicates, unusable,
             ${epochMs('rebuilt_at')} as "rebuiltAtMs",
             extract(epoch from kept_before)::bigint as "keptBefore"
      from gold.hours where hour = to_timestamp($1)`,
    values: [from],
  };
}

/** Audits of the hours that begin in [from, to), epoch seconds, the latest first: rows as `AuditRow`. */
export function auditsIn(from: number, to: number, limit: number): QueryConfig {
  return {
    name: 'audits-in',
    text: `
      select ${AUDIT_COLUMNS} from gold.hours
      where hour >= to_timestamp($1) and hour < to_timestamp($2) order by hour desc limit $3`,
    values: [from, to, limit],
  };
}

const AUDIT_COLUMNS = `
             ${epochMs('hour')} as "hourMs", sealed as "isSealed", parts, events, edits, distinct_edits as "distinct",
             duplicates, late, unusable, changed_rows as "changedRows", gaps, ${epochMs('rebuilt_at')} as "rebuiltAtMs",
             ${epochMs('covered_from')} as "coveredFromMs", ${epochMs('covered_to')} as "coveredToMs",
             extract(epoch from kept_before)::bigint as "keptBefore", evidence`;

export interface AuditRow extends Omit<StoredAudit, 'covered' | 'keptBefore'> {
  readonly hourMs: number;
  readonly coveredFromMs: number | null;
  readonly coveredToMs: number | null;
  readonly keptBefore: number | null;
  readonly evidence: unknown;
}

export function auditOfRow(row: AuditRow): StoredAudit {
  const { hourMs: _, coveredFromMs: from, coveredToMs: to, keptBefore, evidence: __, ...audit } = row;
  return {
    ...audit,
    ...(from !== null && to !== null && { covered: [from, to] }),
    ...(keptBefore !== null && { keptBefore }),
  };
}

/** What a rebuild has to know of the one before: at most one row, as `EvidenceRow`. */
export function hourEvidence(hour: Hour): QueryConfig {
  return {
    name: 'hour-evidence',
    text: `
      select sealed as "isSealed", duplicates, parts, events, unusable, evidence
      from gold.hours where hour = to_timestamp($1)`,
    values: [hourSeconds(hour)[0]],
  };
}

export interface EvidenceRow extends Pick<AuditCounts, 'duplicates' | 'parts' | 'events' | 'unusable'> {
  readonly isSealed: boolean;
  readonly evidence: unknown;
}

/** The evidence of a row, unless it is that of an earlier count. */
export function evidenceOfRow(row: EvidenceRow | AuditRow | undefined): HourEvidence | undefined {
  const evidence = evidenceIn(row?.evidence);
  return row !== undefined && evidence !== undefined && belongsTo(evidence, row) ? evidence : undefined;
}

/** Those of `hours` that are not sealed: rows of `hour`, as they were given. */
export function unsealedHours(hours: readonly Hour[]): QueryConfig {
  return {
    name: 'unsealed-hours',
    text: `
      select given.hour from unnest($1::text[], $2::float8[]) as given (hour, second)
      where not exists (select from gold.hours audit where audit.hour = to_timestamp(given.second) and audit.sealed)`,
    values: [hours, hours.map(hour => hourSeconds(hour)[0])],
  };
}

/** Where the stream was read in the hour, and the gaps that overlap it: one row, as `CoveredRow`. */
export function readCovered(hour: Hour): QueryConfig {
  return {
    name: 'read-covered',
    text: `
      select ${epochMs('audit.covered_from')} as covered_from_ms, ${epochMs('audit.covered_to')} as covered_to_ms,
             audit.hour is not null as audited,
             (select coalesce(array_agg(edge order by from_at, id, nth), '{}') from gold.gaps,
                lateral (values (1, ${epochMs('from_at')}), (2, ${epochMs('to_at')}))
                  as edges (nth, edge)
              where from_at < to_timestamp($2) and to_at > to_timestamp($1)) as gaps_ms
      from (select) as one left join gold.hours audit on audit.hour = to_timestamp($1)`,
    values: [...hourSeconds(hour)],
  };
}

export interface CoveredRow {
  /** Epoch ms; null when the stream was not read, or the hour has no audit. */
  readonly covered_from_ms: number | null;
  readonly covered_to_ms: number | null;
  readonly audited: boolean;
  /** Begin and end of each gap in turn. */
  readonly gaps_ms: readonly number[];
}
