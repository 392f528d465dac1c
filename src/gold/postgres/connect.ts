/** Connects in the first way that works, as libpq does. */
import { Client, DatabaseError } from 'pg';
import type { ClientConfig } from 'pg';
import { messageOf } from '../../contracts/errors.ts';
import type { PipelineError } from '../../contracts/errors.ts';
import { CONNECT_TIMEOUT_MS, describeDsn, postgresFailure } from './connection.ts';
import { waysTo } from './ways.ts';
import type { Way } from './ways.ts';

export interface Connected {
  readonly client: Client;
  readonly way: Way;
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
  const failures: Failure[] = [];
  for (const way of waysTo(dsn)) {
    const client = new Client(clientConfig(way, more));
    // Without a listener a broken connection would end the process; the running statement rejects anyway.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return { client, way };
    } catch (error) {
      failures.push({ way, error });
      await client.end().catch(() => undefined);
      if (isUnreached(error)) break;
    }
  }
  throw connectFailure(failures, describeDsn(dsn), op);
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
