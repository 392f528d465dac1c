/** `wikigauge migrate`: migrates the database to the current schema; workers also do this when they start. */
import { migrate } from '../gold/postgres/migrate.ts';
import { announce, goldPlace } from './announce.ts';
import { readConfigWithGold } from './environment.ts';

export async function migrateCommand(): Promise<void> {
  const database = readConfigWithGold().gold.find(place => place.kind === 'postgres');
  if (database === undefined) return console.log('GOLD=s3 uses no database: nothing to migrate.');
  announce(goldPlace([database]));
  const applied = await migrate(database.dsn, { signal: AbortSignal.timeout(10_000) });
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
}
