/** What everything that talks to Postgres shares: where a DSN leads, and what its errors mean. */
import { DatabaseError } from 'pg';
import type { ClientConfig } from 'pg';
import { PipelineError, messageOf } from '../../contracts/errors.ts';
import { parseDsn } from '../../config/dsn.ts';

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
  '42P01':
    'Run `npx wikigauge migrate` (in a clone: `npm run migrate`), or start a worker, which migrates when it starts.',
};
