/** `wikigauge migrate`: migrates the database to the current schema; workers also do this when they start. */
import { PipelineError } from '../contracts/errors.ts';
import { migrate } from '../gold/postgres/migrate.ts';
import { setPolicies } from '../gold/postgres/timescale.ts';
import type { PolicyChange } from '../gold/postgres/timescale.ts';
import { announce, goldPlace } from './announce.ts';
import { readConfigWithGold } from './environment.ts';
import { settingProblems } from './known-problems.ts';
import { readPolicies } from './timescale-flag.ts';

export interface MigrateFlags {
  readonly timescale?: string;
}

export async function migrateCommand({ timescale }: MigrateFlags): Promise<void> {
  const policies = timescale === undefined ? undefined : readPolicies(timescale);
  const database = readConfigWithGold().gold.find(place => place.kind === 'postgres');
  if (database === undefined) {
    if (policies !== undefined) throw noDatabase();
    return console.log('GOLD=s3 uses no database: nothing to migrate.');
  }
  announce(goldPlace([database]));
  const applied = await migrate(database.dsn, { signal: AbortSignal.timeout(10_000) });
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
  if (policies === undefined) return;
  const changes = await setPolicies(database.dsn, policies, { signal: AbortSignal.timeout(10_000) });
  for (const change of changes) console.log(policyLine(change));
}

/** `compressed rows older than 7 days (before: off)`. */
export function policyLine({ policy, before, after }: PolicyChange): string {
  const state = (days: number | undefined): string =>
    days === undefined ? 'off' : `rows older than ${days === 1 ? '1 day' : `${days} days`}`;
  const name = policy === 'compress' ? 'compressed' : 'dropped';
  return `${name.padEnd(10)} ${state(after)}${before === after ? ', as before' : ` (before: ${state(before)})`}`;
}

function noDatabase(): PipelineError {
  const { shows, remedy } = settingProblems.policiesWithoutDatabase;
  return new PipelineError(shows, {
    code: 'bad_configuration',
    op: 'read flags',
    subject: '--timescale',
    retryable: false,
    hint: remedy,
  });
}
