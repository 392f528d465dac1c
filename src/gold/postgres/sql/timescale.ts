/** What TimescaleDB knows about `gold.edits_per_min`, and the policies with which it compresses and drops chunks. */
import type { QueryConfig } from 'pg';

const LIMIT = 'timescaledb.max_tuples_decompressed_per_dml_transaction';

/**
 * SQL, in a transaction that will change rows: compressed chunks may be changed like others. TimescaleDB refuses a
 * transaction that decompresses more than 100,000 rows, which is less than an hour of all wikis takes. And it finds the
 * few batches that a statement needs only when it plans with the values, not for a prepared plan. Null without TimescaleDB.
 */
export const changeCompressed = `case when current_setting('${LIMIT}', true) is not null
          then set_config('${LIMIT}', '0', true) || set_config('plan_cache_mode', 'force_custom_plan', true) end`;

/** What the server offers, and what the database has of it. */
export interface TimescaleStanding {
  /** Of the extension in this database; null without it. */
  readonly version: string | null;
  readonly isAvailable: boolean;
  readonly isPreloaded: boolean;
  /** Whether rows of compressed chunks can be changed without a limit. */
  readonly hasLimit: boolean;
  /** `apache` has neither compression nor policies. */
  readonly license: string | null;
}

/** One row: a TimescaleStanding. */
export function timescaleStanding(): QueryConfig {
  return {
    text: `
      select (select extversion from pg_extension where extname = 'timescaledb') as version,
        exists (select from pg_available_extensions where name = 'timescaledb') as "isAvailable",
        exists (select from pg_settings where name like 'timescaledb.%') as "isPreloaded",
        current_setting('${LIMIT}', true) is not null as "hasLimit",
        current_setting('timescaledb.license', true) as license`,
  };
}

/** One row, `isThere`: whether the views of TimescaleDB can be asked. */
export function hasTimescale(): QueryConfig {
  return {
    text: `select to_regclass('timescaledb_information.jobs') is not null as "isThere"`,
  };
}

/** Ages in days; null without a policy. */
export interface PolicyRow {
  readonly isCompressible: boolean;
  readonly compressDays: number | null;
  readonly retainDays: number | null;
}

/** At most one row, of the hypertable. Only where `hasTimescale`. */
export function tablePolicies(): QueryConfig {
  const days = (procedure: string, key: string): string => `(
          select round(extract(epoch from (config ->> '${key}')::interval) / 86400)::integer
          from timescaledb_information.jobs job
          where job.proc_name = '${procedure}' and job.hypertable_schema = 'gold'
            and job.hypertable_name = 'edits_per_min' limit 1
        )`;
  return {
    text: `
      select compression_enabled as "isCompressible",
        ${days('policy_compression', 'compress_after')} as "compressDays",
        ${days('policy_retention', 'drop_after')} as "retainDays"
      from timescaledb_information.hypertables
      where hypertable_schema = 'gold' and hypertable_name = 'edits_per_min'`,
  };
}

/** One row, `keptFrom`: the epoch second before which rows may have been dropped, at a full hour. Only where `hasTimescale`. */
export function retentionHorizon(): QueryConfig {
  return {
    text: `
      select ceil(max(extract(epoch from now() - (config ->> 'drop_after')::interval)) / 3600)::bigint * 3600
        as "keptFrom"
      from timescaledb_information.jobs
      where proc_name = 'policy_retention' and hypertable_schema = 'gold' and hypertable_name = 'edits_per_min'`,
  };
}

/** Rows of a wiki stay together, because charts read one wiki, and by time, because a rebuild replaces an hour. */
export function makeCompressible(): QueryConfig {
  return {
    text: `
      alter table gold.edits_per_min set (
        timescaledb.compress,
        timescaledb.compress_segmentby = 'wiki',
        timescaledb.compress_orderby = 'ts_minute, is_bot'
      )`,
  };
}

export function addCompression(days: number): QueryConfig {
  return {
    text: `select add_compression_policy('gold.edits_per_min', make_interval(days => $1))`,
    values: [days],
  };
}

export function removeCompression(): QueryConfig {
  return { text: `select remove_compression_policy('gold.edits_per_min', if_exists => true)` };
}

export function addRetention(days: number): QueryConfig {
  return {
    text: `select add_retention_policy('gold.edits_per_min', make_interval(days => $1))`,
    values: [days],
  };
}

export function removeRetention(): QueryConfig {
  return { text: `select remove_retention_policy('gold.edits_per_min', if_exists => true)` };
}
