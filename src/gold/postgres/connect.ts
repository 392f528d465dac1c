/** Connects in the first way that works, as libpq does. */
import { Client, DatabaseError } from 'pg';
import type { ClientConfig } from 'pg';
import { messageOf } from '../../contracts/errors.ts';
import type { PipelineError } from '../../contracts/errors.ts';
import { CONNECT_TIMEOUT_MS, describeDsn, postgresFailure } from './connection.ts';
import { planOf } from './ways.ts';
import type { WantedServer, Way } from './ways.ts';

export interface Connected {
  readonly client: Client;
  readonly way: Way;
}

/**
 * Whether a pooler such as PgBouncer stands between us and the server: then the server's process is not the one that
 * greeted us. Nothing of a session can be relied on there, because others share it.
 */
export async function isPooled(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return 'processID' in client && client.processID !== rows[0]?.pid;
}

/** What a connection has unless the DSN says otherwise. */
const DEFAULTS: ClientConfig = { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true };

/** Settings of the driver for one way. */
export function clientConfig(way: Way, more: ClientConfig): ClientConfig {
  return { ...DEFAULTS, ...more, ...way.client };
}

/**
 * @param op what the connection is for, for errors
 * @throws PipelineError `postgres_unavailable`, or `bad_configuration` for a DSN that cannot be used
 */
export async function connect(dsn: string, op: string, more: ClientConfig = {}): Promise<Connected> {
  const { ways, wanted } = planOf(dsn);
  const failures: Failure[] = [];
  for (const attribute of wanted === 'prefer-standby' ? (['standby', 'any'] as const) : [wanted]) {
    const found = await firstOf(ways, attribute, more, failures);
    if (found !== undefined) return found;
  }
  throw connectFailure(failures, describeDsn(dsn), op);
}

async function firstOf(
  ways: readonly Way[],
  wanted: WantedServer,
  more: ClientConfig,
  failures: Failure[],
): Promise<Connected | undefined> {
  const done = new Set<string>();
  for (const [i, way] of ways.entries()) {
    if (done.has(way.address)) continue;
    const config = clientConfig(way, more);
    const client = new Client(config);
    // Without a listener a broken connection would end the process; the running statement rejects anyway.
    client.on('error', () => undefined);
    const startedMs = performance.now();
    try {
      await client.connect();
      if (await isWanted(client, wanted)) return { client, way };
      done.add(way.address);
      failures.push({ way, error: new UnwantedServer(way.address, wanted) });
      await client.end().catch(() => undefined);
    } catch (failure) {
      const limitMs = config.connectionTimeoutMillis ?? 0;
      const isSilent =
        limitMs > 0 && performance.now() - startedMs >= limitMs && !(failure instanceof DatabaseError);
      const error = isSilent ? new SilentServer(way.address, limitMs) : failure;
      failures.push({ way, error });
      await client.end().catch(() => undefined);
      if (isUnreached(error)) done.add(way.address);
      // As in libpq, a server that refuses us ends the search, once it has refused each kind of connection.
      else if (hasRefused(error) && ways[i + 1]?.address !== way.address) break;
    }
  }
  return undefined;
}

/** Takes connections, and says nothing: it is frozen, overloaded, or no Postgres. */
class SilentServer extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(address: string, limitMs: number) {
    super(`${address} does not answer within ${limitMs / 1000} s`);
  }
}

/** A server that works, but has not the `target_session_attrs` that PG_DSN asks for. */
class UnwantedServer extends Error {
  constructor(address: string, wanted: WantedServer) {
    super(`${address} is not what target_session_attrs=${wanted} asks for`);
  }
}

async function isWanted(client: Client, wanted: WantedServer): Promise<boolean> {
  if (wanted === 'any') return true;
  const { rows } = await client.query<{ standby: boolean; readonly: string }>(
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') as readonly`,
  );
  const isStandby = rows[0]?.standby === true;
  const isReadOnly = isStandby || rows[0]?.readonly === 'on';
  if (wanted === 'primary' || wanted === 'standby') return isStandby === (wanted === 'standby');
  return isReadOnly === (wanted === 'read-only');
}

/** A server that is starting or stopping answers too; the next one may be ready. */
function hasRefused(error: unknown): boolean {
  return error instanceof DatabaseError && error.code !== '57P03';
}

interface Failure {
  readonly way: Way;
  readonly error: unknown;
}

/** Nothing answers at the address, with or without encryption. */
const UNREACHED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
]);

function isUnreached(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNREACHED.has(error.code);
}

/** The answer of the server says more than a failure on the way to it. */
export function connectFailure(failures: readonly Failure[], where: string, op: string): PipelineError {
  const answers = failures.filter(({ error }) => error instanceof DatabaseError);
  const telling = answers.length > 0 ? answers : failures;
  const main = telling.find(({ way }) => way.isEncrypted) ?? telling[0];
  const others = telling.filter(failure => failure !== main).map(({ error }) => messageOf(error));
  const wasEncrypted = failures.some(({ way }) => way.isEncrypted);
  return postgresFailure(main?.error, where, op, { wasEncrypted, others: [...new Set(others)] });
}
