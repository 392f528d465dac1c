/** Gold in Postgres, schema `gold`. A part's counts and its key are one transaction (invariant 5). */
import { DatabaseError, Pool } from 'pg';
import type { ClientConfig, QueryConfig } from 'pg';
import { PipelineError, messageOf } from '../core/pipeline-error.ts';
import { parseDsn } from './dsn.ts';
import type { AppliedPart, GoldSource, GoldStore, MinuteEdits } from './gold.ts';
import {
  allSources,
  applyPart,
  minuteEdits,
  newestMinute,
  unappliedKeys,
  wikisByActivity,
} from './sql/gold.ts';

export interface PostgresSettings {
  readonly dsn: string;
  /** Connections at most; the number of parts that are applied at once. */
  readonly maxConnections: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** A statement that runs longer is cancelled, ms. */
  readonly statementTimeoutMs: number;
}

/** Opens a pool; a connection is made when it is needed, and made anew after the server was away. */
export function openPostgresGold(settings: PostgresSettings): GoldStore {
  return new PostgresGold(settings);
}

class PostgresGold implements GoldStore {
  readonly #pool: Pool;
  readonly #where: string;

  constructor({ dsn, maxConnections, applicationName, statementTimeoutMs }: PostgresSettings) {
    this.#where = describeDsn(dsn);
    this.#pool = new Pool({
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // What the DSN says wins over the above.
      ...driverConfig(dsn),
      max: maxConnections,
      statement_timeout: statementTimeoutMs,
      // A server that vanished without a word must not hold a connection for ever.
      query_timeout: statementTimeoutMs + 5_000,
    });
    // An idle connection broke: the pool drops it, and who needs one next gets the error or a new one.
    this.#pool.on('error', () => undefined);
  }

  async apply(part: AppliedPart): Promise<boolean> {
    const [row] = await this.#rows<{ applied: number }>(applyPart(part));
    return row?.applied === 1;
  }

  async unapplied(keys: readonly string[]): Promise<string[]> {
    const rows = await this.#rows<{ s3_key: string }>(unappliedKeys(keys));
    return rows.map(row => row.s3_key);
  }

  async wikis(limit: number): Promise<string[]> {
    const rows = await this.#rows<{ wiki: string }>(wikisByActivity(limit));
    return rows.map(row => row.wiki);
  }

  async edits(wiki: string, fromMinute: number): Promise<MinuteEdits[]> {
    return this.#rows<MinuteEdits>(minuteEdits(wiki, fromMinute));
  }

  async lastMinute(): Promise<number | undefined> {
    const [row] = await this.#rows<{ minute: number | null }>(newestMinute());
    return row?.minute ?? undefined;
  }

  async sources(): Promise<GoldSource[]> {
    return this.#rows<GoldSource>(allSources());
  }

  async ping(): Promise<void> {
    await this.#rows({ text: 'select 1' });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #rows<Row extends object>(query: QueryConfig): Promise<Row[]> {
    try {
      const result = await this.#pool.query<Row>(query);
      return result.rows;
    } catch (error) {
      throw postgresFailure(error, this.#where, query.name ?? query.text);
    }
  }
}

/** The driver's settings. @throws PipelineError `bad_configuration` */
export function driverConfig(dsn: string): ClientConfig {
  const config = parseDsn(dsn);
  if (typeof config !== 'string') return config;
  throw new PipelineError(`PG_DSN ${config}`, {
    code: 'bad_configuration',
    op: 'read PG_DSN',
    subject: 'PG_DSN',
    retryable: false,
    hint: 'Example: PG_DSN="host=127.0.0.1 port=5433 dbname=wikigauge user=wikigauge password=secret"',
  });
}

/** Where a DSN leads, without its password. */
export function describeDsn(dsn: string): string {
  const config = parseDsn(dsn);
  if (typeof config === 'string') return 'PG_DSN';
  if (config.connectionString === undefined) {
    return `${config.host ?? 'localhost'}:${config.port ?? 5432}/${config.database ?? ''}`;
  }
  const url = new URL(config.connectionString);
  return `${url.host}${url.pathname}`;
}

/** A driver's error as ours: what, where, and what to do. */
export function postgresFailure(error: unknown, where: string, op: string): PipelineError {
  const sqlState = error instanceof DatabaseError ? (error.code ?? '') : '';
  return new PipelineError(`Postgres at ${where}: ${op}: ${messageOf(error)}`, {
    code: 'postgres_unavailable',
    op,
    subject: where,
    // Class 08, 53, 57 and no SQLSTATE at all: the server or the way to it. 40: another transaction was in the way.
    retryable: sqlState === '' || /^(08|40|53|57)/.test(sqlState),
    hint: ADVICE[sqlState] ?? '',
    cause: error,
  });
}

const ADVICE: Readonly<Record<string, string>> = {
  '28P01': 'Check user and password in PG_DSN.',
  '28000': 'Check the user in PG_DSN and the server’s pg_hba.conf.',
  '3D000': 'Make the database, or name another one in PG_DSN.',
  '42501': 'Let the user of PG_DSN create schema gold, or make it for them.',
  '42P01': 'Run `npx wikigauge migrate`, or start a worker: it does so by itself.',
};
