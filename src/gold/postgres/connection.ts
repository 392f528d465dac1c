/** Shared by everything that connects to Postgres: the driver's settings, and errors told apart by SQLSTATE. */
import { DatabaseError } from 'pg';
import { PipelineError, messageOf } from '../../contracts/errors.ts';
import { hostsOf, parseDsn } from '../../config/dsn.ts';

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
  if (isRefusedCertificate(error)) return CERTIFICATE_HINT;
  const hint = (sqlState !== undefined && HINTS.get(sqlState)) || '';
  if (attempts === undefined) return hint;
  // Servers that want TLS refuse clear text with various codes, never before authentication ends well.
  if (!attempts.wasEncrypted && sqlState !== undefined && /^(08|28)/.test(sqlState) && sqlState !== '28P01')
    return [WANTS_TLS_HINT, hint].filter(text => text !== '').join(' ');
  // A server without TLS answers with one letter, and the driver with an error without a code.
  if (attempts.wasEncrypted && sqlState === undefined && !hasCode(error)) return NO_TLS_HINT;
  return hint;
}

const WANTS_TLS_HINT =
  'If the server wants TLS, set sslmode=require in PG_DSN, or sslmode=verify-full to check its certificate too.';
const NO_TLS_HINT =
  'If the server has no TLS, set sslmode=prefer or sslmode=disable in PG_DSN; otherwise check host and port.';
const CERTIFICATE_HINT =
  'Set sslrootcert in PG_DSN to the file of the authority that signed the server’s certificate, and host to the name in the certificate; sslmode=require without sslrootcert encrypts and checks nothing.';

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

const HINTS: ReadonlyMap<string, string> = new Map([
  [
    READ_ONLY,
    'The server takes no writes, as a standby. Name all servers in host, and set target_session_attrs=read-write in PG_DSN.',
  ],
  ['28P01', 'Check user and password in PG_DSN.'],
  ['28000', 'Check the user in PG_DSN and the server’s pg_hba.conf.'],
  [
    '08P01',
    'A pooler such as PgBouncer refuses this. It needs pool_mode=transaction or session; remove options from PG_DSN, or name the parameter in its ignore_startup_parameters.',
  ],
  ['55P03', 'Another session keeps a table locked: select * from pg_stat_activity shows which.'],
  ['3D000', 'Create the database, or name another one in PG_DSN.'],
  [
    '42501',
    'Let the role of PG_DSN read gold: grant usage on schema gold to …; grant select on all tables in schema gold to …. A worker writes too: docs/postgres.md has the SQL.',
  ],
  [
    '42P01',
    'Run `npx wikigauge migrate` (in a clone: `npm run migrate`), or start a worker, which migrates when it starts.',
  ],
]);
