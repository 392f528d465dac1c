/** Migrates schema `gold`. When several processes start at once, one migrates and the others wait. */
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { PipelineError } from '../../contracts/errors.ts';
import { connect } from './connect.ts';
import { describeDsn, postgresFailure } from './connection.ts';
import {
  hasOurMigrations,
  missingOf,
  needMigrating,
  needReading,
  needWriting,
  refuseEncoding,
} from './may-migrate.ts';
import { holdersOfMigrations, lockMigrations } from './sql/locks.ts';
import type { LockHolder } from './sql/locks.ts';
import { appliedMigrations, goldTables, standing as standingOf } from './sql/standing.ts';
import type { GoldTable, Standing } from './sql/standing.ts';
import { persistently } from '../../store/persistently.ts';
import type { Persistence } from '../../store/persistently.ts';
import { migrationProblems } from './known-problems.ts';

/** Long enough for any migration of ours; a session that forgot to let go is reported after it. */
const LOCK_TIMEOUT_MS = 10_000;
const LOCK_NOT_AVAILABLE = '55P03';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Applies missing migrations and returns their names. Retries while the server is down, until the signal aborts.
 * @throws PipelineError `postgres_unavailable`, or `bad_configuration` when a person has to change something first
 */
export async function migrate(dsn: string, persistence: Persistence): Promise<string[]> {
  const where = describeDsn(dsn);
  return persistently(async () => {
    const { client } = await connect(dsn, 'migrate', { application_name: 'wikigauge migrate' });
    try {
      // One transaction for all of it: behind a pooler nothing longer keeps a lock.
      await client.query(`begin; set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await lock(client);
      const applied = await migrateLocked(client);
      await client.query('commit');
      return applied;
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

async function migrateLocked(client: Client): Promise<string[]> {
  const before = await look(client);
  refuseEncoding(before.standing);
  const isMigrated = hasOurMigrations(before.tables);
  needReading(before.standing, before.tables);
  const missing = missingOf(await ourMigrations(), isMigrated ? await appliedTo(client) : []);
  if (missing.length > 0) {
    needMigrating(before.standing, before.tables, missing);
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      singleTransaction: true,
      migrationsTable: 'schema_migrations',
      migrationsSchema: 'gold',
      createMigrationsSchema: !before.standing.hasSchema,
      // The library's own lock fails instead of waiting.
      noLock: true,
      log: () => undefined,
    });
  }
  const { standing, tables } = missing.length > 0 ? await look(client) : before;
  needWriting(standing, tables);
  return [...missing];
}

async function look(client: Client): Promise<{ standing: Standing; tables: GoldTable[] }> {
  const [standing] = (await client.query<Standing>(standingOf())).rows;
  if (standing === undefined) throw new TypeError('the catalog has no answer');
  return { standing, tables: (await client.query<GoldTable>(goldTables())).rows };
}

async function appliedTo(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(appliedMigrations());
  return rows.map(({ name }) => name);
}

async function ourMigrations(): Promise<string[]> {
  return (await readdir(MIGRATIONS))
    .filter(name => name.endsWith('.sql'))
    .map(name => basename(name, '.sql'))
    .toSorted();
}
