/** Shared by everything that connects to Postgres: the driver's settings, and errors told apart by SQLSTATE. */
import { DatabaseError } from 'pg';
import { PipelineError, messageOf } from '../../contracts/errors.ts';
import { hostsOf, parseDsn } from '../../config/dsn.ts';
import { connectionProblems, sqlStateProblems } from './known-problems.ts';

export const CONNECT_TIMEOUT_MS = 5_000;

/** Host, port and database, without the password. */
export function describeDsn(dsn: string): string {
  const keywords = parseDsn(dsn);
  if (typeof keywords === 'string') return 'PG_DSN';
  const places = hostsOf(keywords).map(
    ({ host = 'localhost', hostaddr = host, port = '5432' }) => `${hostaddr}:${port}`,
  );
  return `${places.join(',')}/${keywords.dbname ?? ''}`;
}

/** What is known of a connection that failed before its first statement. */
interface Attempts {
  /** Whether one of them used TLS. */
  readonly wasEncrypted: boolean;
  /** Messages of the others. */
  readonly others: readonly string[];
}

/** Turns a driver's error into ours: what failed, where, and what to do. */
export function postgresFailure(
  error: unknown,
  where: string,
  op: string,
  attempts?: Attempts,
): PipelineError {
  if (error instanceof PipelineError) return error;
  const sqlState = error instanceof DatabaseError ? error.code : undefined;
  const message = messageOf(error);
  const others = (attempts?.others ?? []).filter(other => other !== message).map(other => `; ${other}`);
  return new PipelineError(`Postgres at ${where}: ${op}: ${message}${others.join('')}`, {
    code: 'postgres_unavailable',
    op,
    subject: where,
    // Without a SQLSTATE the server was not reached.
    retryable: sqlState === undefined ? !isRefusedCertificate(error) : isRetryable(sqlState),
    hint: hintOf(error, sqlState, attempts),
    cause: error,
  });
}

function hintOf(error: unknown, sqlState: string | undefined, attempts: Attempts | undefined): string {
  if (isRefusedCertificate(error)) return connectionProblems.refusedCertificate.remedy;
  const hint = (sqlState !== undefined && HINTS.get(sqlState)) || '';
  if (attempts === undefined) return hint;
  // Servers that want TLS refuse clear text with various codes, never before authentication ends well.
  if (!attempts.wasEncrypted && sqlState !== undefined && /^(08|28)/.test(sqlState) && sqlState !== '28P01')
    return [connectionProblems.wantsTls.remedy, hint].filter(text => text !== '').join(' ');
  // A server without TLS answers with one letter, and the driver with an error without a code.
  if (attempts.wasEncrypted && sqlState === undefined && !hasCode(error))
    return connectionProblems.noTls.remedy;
  // The system names why it did not get there.
  if (sqlState === undefined && hasCode(error)) return connectionProblems.unreached.remedy;
  return hint;
}

/** Node's codes for a certificate, ours or the server's, that the other side does not accept. */
function isRefusedCertificate(error: unknown): boolean {
  return hasCode(error) && /CERT|SIGNATURE|SSL/.test(error.code);
}

function hasCode(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Whether the server takes no writes, as a standby does. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === READ_ONLY;
}

const READ_ONLY = '25006';

/** Which server of a cluster takes writes changes by itself. */
function isRetryable(sqlState: string): boolean {
  return sqlState === READ_ONLY || RETRYABLE_CLASSES.has(sqlState.slice(0, 2));
}

/** @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const RETRYABLE_CLASSES: ReadonlySet<string> = new Set([
  '08', // connection exception
  '40', // transaction rollback: deadlock, serialization failure
  '53', // insufficient resources
  '57', // operator intervention: shutdown, cancelled statement
]);

const HINTS: ReadonlyMap<string, string> = new Map(
  Object.entries(sqlStateProblems).map(([sqlState, { remedy }]) => [sqlState, remedy]),
);
