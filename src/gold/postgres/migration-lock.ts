/** The lock of migrations: whoever changes the tables themselves is alone. */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { PipelineError } from '../../contracts/errors.ts';
import { persistently } from '../../store/persistently.ts';
import type { Persistence } from '../../store/persistently.ts';
import { connect } from './connect.ts';
import { describeDsn, postgresFailure } from './connection.ts';
import { migrationProblems } from './known-problems.ts';
import { holdersOfMigrations, lockMigrations } from './sql/locks.ts';
import type { LockHolder } from './sql/locks.ts';

/** Long enough for any migration of ours; a session that forgot to let go is reported after it. */
const LOCK_TIMEOUT_MS = 10_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs `work` in one transaction with the lock. Retries while the server is down, until the signal aborts.
 * @throws PipelineError `postgres_unavailable`, and what `work` throws
 */
export async function whileLocked<T>(
  dsn: string,
  work: (client: Client) => Promise<T>,
  persistence: Persistence,
): Promise<T> {
  const where = describeDsn(dsn);
  return persistently(async () => {
    const { client } = await connect(dsn, 'migrate', { application_name: 'wikigauge migrate' });
    try {
      // One transaction for all of it: behind a pooler nothing longer keeps a lock.
      await client.query(`begin; set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await lock(client);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      throw postgresFailure(error, where, 'migrate');
    } finally {
      await client.end().catch(() => undefined);
    }
  }, persistence);
}

/** @throws PipelineError `postgres_unavailable` that names who migrates, if that takes too long */
async function lock(client: Client): Promise<void> {
  try {
    await client.query(lockMigrations());
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE)) throw error;
    await client.query('rollback');
    const { rows } = await client.query<LockHolder>(holdersOfMigrations());
    throw lockFailure(rows, error);
  }
}

function lockFailure(holders: readonly LockHolder[], cause: unknown): PipelineError {
  const named = holders.map(
    ({ pid, application, role }) => `process ${pid} (${application || 'no name'}, role ${role ?? 'hidden'})`,
  );
  const ends = holders.map(({ pid }) => `select pg_terminate_backend(${pid})`);
  return new PipelineError(
    `Cannot migrate: ${migrationProblems.locked.shows({ holders: named.join(', ') || 'another session', seconds: String(LOCK_TIMEOUT_MS / 1000) })}`,
    {
      code: 'postgres_unavailable',
      op: 'migrate',
      subject: 'gold',
      retryable: false,
      hint: migrationProblems.locked.remedy({ ends: ends.join('; ') }),
      cause,
    },
  );
}
