/** Brings schema `gold` up to date. Safe with any number of processes starting at once: one works, the others wait. */
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { describeDsn, driverConfig, postgresFailure } from './connection.ts';
import { persistently } from '../../store/persistently.ts';
import type { Persistence } from '../../store/persistently.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any number that no other program locks. */
const LOCK = 0x77696b69;

/**
 * Applies what is missing; answers the names of the migrations that it applied. Waits for a server that is not up
 * yet, as long as the signal lets it.
 * @throws PipelineError `postgres_unavailable`
 */
export async function migrate(dsn: string, persistence: Persistence): Promise<string[]> {
  const where = describeDsn(dsn);
  return persistently(async () => {
    const client = new Client({ ...driverConfig(dsn), connectionTimeoutMillis: 5_000 });
    // Without a listener a connection that breaks would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      // Held until the connection closes. The library's own lock gives up instead of waiting.
      await client.query('select pg_advisory_lock($1)', [LOCK]);
      const applied = await runner({
        dbClient: client,
        dir: MIGRATIONS,
        direction: 'up',
        migrationsTable: 'schema_migrations',
        migrationsSchema: 'gold',
        createMigrationsSchema: true,
        noLock: true,
        log: () => undefined,
      });
      return applied.map(({ name }) => name);
    } catch (error) {
      throw postgresFailure(error, where, 'migrate');
    } finally {
      await client.end().catch(() => undefined);
    }
  }, persistence);
}
