/** Shared by everything that connects to Postgres: the driver's settings, and errors told apart by SQLSTATE. */
import { DatabaseError } from 'pg';
import type { ClientConfig } from 'pg';
import { PipelineError, messageOf } from '../../contracts/errors.ts';
import { parseDsn } from '../../config/dsn.ts';

export const CONNECT_TIMEOUT_MS = 5_000;

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

/** Host, port and database, without the password. */
export function describeDsn(dsn: string): string {
  const config = parseDsn(dsn);
  if (typeof config === 'string') return 'PG_DSN';
  if (config.connectionString === undefined) {
    return `${config.host ?? 'localhost'}:${config.port ?? 5432}/${config.database ?? ''}`;
  }
  const url = new URL(config.connectionString);
  return `${url.host}${url.pathname}`;
}

/** Turns a driver's error into ours: what failed, where, and what to do. */
export function postgresFailure(error: unknown, where: string, op: string): PipelineError {
  const sqlState = error instanceof DatabaseError ? error.code : undefined;
  return new PipelineError(`Postgres at ${where}: ${op}: ${messageOf(error)}`, {
    code: 'postgres_unavailable',
    op,
    subject: where,
    // Without a SQLSTATE the server was not reached.
    retryable: sqlState === undefined || RETRYABLE_CLASSES.has(sqlState.slice(0, 2)),
    hint: (sqlState !== undefined && HINTS.get(sqlState)) || '',
    cause: error,
  });
}

/** @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const RETRYABLE_CLASSES: ReadonlySet<string> = new Set([
  '08', // connection exception
  '40', // transaction rollback: deadlock, serialization failure
  '53', // insufficient resources
  '57', // operator intervention: shutdown, cancelled statement
]);

const HINTS: ReadonlyMap<string, string> = new Map([
  ['28P01', 'Check user and password in PG_DSN.'],
  ['28000', 'Check the user in PG_DSN and the server’s pg_hba.conf.'],
  ['3D000', 'Create the database, or name another one in PG_DSN.'],
  ['42501', 'Let the user of PG_DSN create schema gold, or create it for them.'],
  [
    '42P01',
    'Run `npx wikigauge migrate` (in a clone: `npm run migrate`), or start a worker, which migrates when it starts.',
  ],
]);
