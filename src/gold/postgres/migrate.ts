/** Migrates schema `gold`. When several processes start at once, one migrates and the others wait. */
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { connect } from './connect.ts';
import { describeDsn, postgresFailure } from './connection.ts';
import { lockMigrations } from './sql/locks.ts';
import { persistently } from '../../store/persistently.ts';
import type { Persistence } from '../../store/persistently.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Applies missing migrations and returns their names. Retries while the server is down, until the signal aborts.
 * @throws PipelineError `postgres_unavailable`
 */
export async function migrate(dsn: string, persistence: Persistence): Promise<string[]> {
  const where = describeDsn(dsn);
  return persistently(async () => {
    const { client } = await connect(dsn, 'migrate', { application_name: 'wikigauge migrate' });
    try {
      // One transaction for all of it: behind a pooler nothing longer keeps a lock.
      await client.query('begin');
      await client.query(lockMigrations());
      const applied = await runner({
        dbClient: client,
        dir: MIGRATIONS,
        direction: 'up',
        singleTransaction: true,
        migrationsTable: 'schema_migrations',
        migrationsSchema: 'gold',
        createMigrationsSchema: true,
        // The library's own lock fails instead of waiting.
        noLock: true,
        log: () => undefined,
      });
      await client.query('commit');
      return applied.map(({ name }) => name);
    } catch (error) {
      throw postgresFailure(error, where, 'migrate');
    } finally {
      await client.end().catch(() => undefined);
    }
  }, persistence);
}
