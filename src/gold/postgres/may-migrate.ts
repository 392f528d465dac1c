/**
 * Decides before a migration whether it can be done, and whether it has to be. Postgres itself would say which
 * statement failed, after half of the others, and not which grant is missing.
 */
import type { GoldTable, Standing } from './sql/standing.ts';
import { PipelineError } from '../../contracts/errors.ts';
import { migrationProblems } from './known-problems.ts';

const MIGRATIONS_TABLE = 'schema_migrations';
/** Tables that a worker writes. */
const OURS = new Set([
  'corrections',
  'coverage',
  'edits_per_min',
  'gaps',
  'hours',
  'processed_keys',
  'records',
  'rolled_hours',
  'rolled_wikis',
  'sources',
  'unrolled_hours',
]);

/** @throws PipelineError `bad_configuration` for a database that cannot hold every title and name */
export function refuseEncoding({ encoding, database }: Standing): void {
  if (encoding === 'UTF8') return;
  const { shows, remedy } = migrationProblems.encoding;
  throw refusal(shows({ database, encoding }), remedy);
}

/** Whether our migrations have left their table here. @throws PipelineError `bad_configuration` when it is another tool's */
export function hasOurMigrations(tables: readonly GoldTable[]): boolean {
  const table = tables.find(({ name }) => name === MIGRATIONS_TABLE);
  if (table === undefined) return false;
  if (['id', 'name', 'run_on'].every(column => table.columns.includes(column))) return true;
  throw foreign(`it has the columns ${table.columns.join(', ')}`);
}

/**
 * The migrations that are missing.
 * @throws PipelineError `bad_configuration` when others were applied instead
 */
export function missingOf(known: readonly string[], applied: readonly string[]): readonly string[] {
  const other = applied.find((name, i) => known[i] !== undefined && known[i] !== name);
  if (other !== undefined) throw foreign(`it lists ${other}, which is not a migration of ours`);
  return known.slice(applied.length);
}

/** @throws PipelineError `bad_configuration` with each grant that reading the state of the schema needs */
export function needReading(standing: Standing, tables: readonly GoldTable[]): void {
  const { role } = standing;
  const unread = tables.filter(({ name, lacks }) => name === MIGRATIONS_TABLE && lacks.includes('select'));
  need(standing, 'read what was migrated', [
    ...(standing.hasSchema && !standing.mayUse ? [`grant usage on schema gold to ${role}`] : []),
    ...unread.map(({ name }) => `grant select on gold.${name} to ${role}`),
  ]);
}

/** @throws PipelineError `bad_configuration` with each grant that applying migrations needs */
export function needMigrating(
  standing: Standing,
  tables: readonly GoldTable[],
  missing: readonly string[],
): void {
  const { role, hasSchema, mayCreateSchema, mayCreate } = standing;
  const owners = new Set(
    tables
      .filter(({ name, isOurs }) => !isOurs && (OURS.has(name) || name === MIGRATIONS_TABLE))
      .map(({ owner }) => owner),
  );
  need(standing, `apply ${missing.join(', ')}`, [
    ...(!hasSchema && !mayCreateSchema ? [`create schema gold authorization ${role}`] : []),
    ...(hasSchema && !mayCreate ? [`grant create on schema gold to ${role}`] : []),
    ...[...owners].map(owner => `grant ${owner} to ${role}`),
  ]);
}

/** @throws PipelineError `bad_configuration` with each grant that a worker needs */
export function needWriting(standing: Standing, tables: readonly GoldTable[]): void {
  need(
    standing,
    'write the counts',
    tables
      .filter(({ name, lacks }) => OURS.has(name) && lacks.length > 0)
      .map(({ name, lacks }) => `grant ${lacks.join(', ')} on gold.${name} to ${standing.role}`),
  );
}

function need({ role, database }: Standing, what: string, grants: readonly string[]): void {
  if (grants.length === 0) return;
  const { shows, remedy } = migrationProblems.mayNot;
  throw refusal(shows({ role, what, database }), remedy({ grants: grants.join('; ') }));
}

function foreign(why: string): PipelineError {
  const { shows, remedy } = migrationProblems.foreignTable;
  return refusal(shows({ table: `gold.${MIGRATIONS_TABLE}`, why }), remedy);
}

function refusal(message: string, hint: string): PipelineError {
  return new PipelineError(`Cannot migrate: ${message}`, {
    code: 'bad_configuration',
    op: 'migrate',
    subject: 'gold',
    retryable: false,
    hint,
  });
}
