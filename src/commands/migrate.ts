/** `wikigauge migrate`: brings the database up to date; workers do so by themselves at start. */
import { migrate } from '../storage/migrate.ts';
import { readConfigWithGold } from './environment.ts';

export async function migrateCommand(): Promise<void> {
  const { PG_DSN } = readConfigWithGold();
  const applied = await migrate(PG_DSN, { signal: AbortSignal.timeout(10_000) });
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
}
