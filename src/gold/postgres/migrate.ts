/** Migrates schema `gold`. When several processes start at once, one migrates and the others wait. */
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type { Client } from 'pg';
import {
  hasOurMigrations,
  missingOf,
  needMigrating,
  needReading,
  needWriting,
  refuseEncoding,
} from './may-migrate.ts';
import { whileLocked } from './migration-lock.ts';
import { appliedMigrations, goldTables, standing as standingOf } from './sql/standing.ts';
import type { GoldTable, Standing } from './sql/standing.ts';
import type { Persistence } from '../../store/persistently.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Applies missing migrations and returns their names. Retries while the server is down, until the signal aborts.
 * @throws PipelineError `postgres_unavailable`, or `bad_configuration` when a person has to change something first
 */
export async function migrate(dsn: string, persistence: Persistence): Promise<string[]> {
  return whileLocked(dsn, migrateLocked, persistence);
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

/** Where the role of PG_DSN stands, and the tables that are there. */
export async function look(client: Client): Promise<{ standing: Standing; tables: GoldTable[] }> {
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
