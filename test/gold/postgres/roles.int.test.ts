/** Roles with few rights: the SQL of docs/postgres.md suffices, and what is missing otherwise is named as SQL. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import { migrate } from '../../../src/gold/postgres/migrate.ts';
import { openPostgresGold } from '../../../src/gold/postgres/postgres-gold.ts';
import { openPostgresSnapshots } from '../../../src/gold/postgres/snapshot.ts';
import { startOwnPostgres } from '../../support/own-postgres.ts';
import type { OwnPostgres } from '../../support/own-postgres.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
const source = { url: 'https://stream.example/recentchange', simulated: true };

let server: OwnPostgres;
beforeAll(async () => {
  server = await startOwnPostgres();
});
afterAll(() => server.stop());

/** A database of its own for a test. */
async function freshDatabase(
  name: string,
): Promise<{ sql: OwnPostgres['sql']; as: (role: string) => string }> {
  await server.sql(`create database ${name}`);
  const url = new URL(server.dsn);
  url.pathname = `/${name}`;
  return {
    sql: text => server.sql(text, url.href),
    as: role => {
      const theirs = new URL(url);
      [theirs.username, theirs.password] = [role, 'choose-one'];
      return theirs.href;
    },
  };
}

const migrateAs = (dsn: string): Promise<string[]> => migrate(dsn, { signal: AbortSignal.timeout(60_000) });
const part = {
  key: `${hourPrefix(HOUR)}part-1.ndjson.gz`,
  hour: HOUR,
  rows: [{ minute: START, wiki: 'enwiki', isBot: false, edits: 2, bytesChange: 1 }],
  source,
};
const settings = { maxConnections: 2, applicationName: 'test', statementTimeoutMs: 30_000 };

describe('owner, writer and reader as documented', () => {
  let as: (role: string) => string;
  beforeAll(async () => {
    const database = await freshDatabase('documented');
    const page = await readFile(new URL('../../../docs/postgres.md', import.meta.url), 'utf8');
    const [, documented = ''] = /## Roles[^]*?```sql\n([^]*?)```/.exec(page) ?? [];
    await database.sql(documented);
    as = database.as;
  });

  test('a writer cannot migrate, and hears what the owner has to do', async () => {
    await expect(migrateAs(as('wikigauge_writer'))).rejects.toMatchObject({
      code: 'bad_configuration',
      retryable: false,
      message: expect.stringMatching(/role wikigauge_writer may not apply 0001_create-gold/) as unknown,
      hint: expect.stringContaining('grant create on schema gold to wikigauge_writer') as unknown,
    });
  });

  test('the owner migrates without the right to create schemas', async () => {
    expect(await migrateAs(as('wikigauge_owner'))).toContain('0001_create-gold');
  });

  test('the writer starts, applies, rebuilds and fills', async () => {
    expect(await migrateAs(as('wikigauge_writer'))).toEqual([]);
    const gold = openPostgresGold({ ...settings, dsn: as('wikigauge_writer') });
    await gold.prepare();
    expect(await gold.apply(part)).toBe(true);
    const counts = { rows: part.rows, events: 2, edits: 2, distinct: 2, late: 0, unusable: 0 };
    const rebuilt = { hour: HOUR, keys: [part.key], counts, sources: [source], isSealed: true } as const;
    expect(await gold.replaceHour({ ...rebuilt, covered: undefined })).toMatchObject({ kind: 'replaced' });
    await gold.recordGap({
      id: 'g',
      cause: 'retention',
      from: `${HOUR}:01:00.000Z`,
      to: `${HOUR}:02:00.000Z`,
    });
    await gold.close();
  });

  test('the reader answers, verifies, and cannot write', async () => {
    const gold = openPostgresGold({ ...settings, dsn: as('wikigauge_reader') });
    expect(await gold.edits('enwiki', START)).toHaveLength(1);
    expect(await gold.gaps(START)).toHaveLength(1);
    const snapshots = openPostgresSnapshots(as('wikigauge_reader'));
    expect((await snapshots.hour(HOUR)).rows).toEqual(part.rows);
    await snapshots.close();
    await expect(gold.apply(part)).rejects.toMatchObject({
      retryable: false,
      hint: expect.stringContaining('docs/postgres.md') as unknown,
    });
    await expect(gold.prepare()).rejects.toMatchObject({
      hint: expect.stringContaining(
        'grant insert, update, delete on gold.edits_per_min to wikigauge_reader',
      ) as unknown,
    });
    await gold.close();
  });
});

describe('a role without the right to create', () => {
  test.each<[string, string, string]>([
    ['a schema', '', 'create schema gold authorization someone'],
    [
      'tables in the schema',
      'create schema gold; grant usage on schema gold to someone',
      'grant create on schema gold',
    ],
    [
      'what an older project’s tables need',
      'create schema gold; grant usage, create on schema gold to someone; create table gold.edits_per_min (n integer)',
      'grant wikigauge to someone',
    ],
    [
      'and to look into the schema',
      'create schema gold; create table gold.schema_migrations (id integer, name text, run_on timestamp)',
      'grant usage on schema gold to someone; grant select on gold.schema_migrations to someone',
    ],
  ])('%s', async (name, sql, grant) => {
    await server.sql(`drop role if exists someone; create role someone login password 'choose-one'`);
    const { sql: run, as } = await freshDatabase(`lacking_${name.length}`);
    if (sql !== '') await run(sql);
    await expect(migrateAs(as('someone'))).rejects.toMatchObject({
      retryable: false,
      hint: expect.stringContaining(grant) as unknown,
    });
    // A role that owns nothing and may nothing can be dropped for the next case.
    await run('drop schema if exists gold cascade');
  });

  test('starts where everything is migrated and the tables belong to another', async () => {
    const { sql, as } = await freshDatabase('migrated_by_another');
    const admin = new URL(server.dsn);
    admin.pathname = '/migrated_by_another';
    await migrateAs(admin.href);
    await sql('create role lowly login password $$choose-one$$');
    await sql('grant usage on schema gold to lowly');
    await sql('grant select, insert, update, delete on all tables in schema gold to lowly');
    expect(await migrateAs(as('lowly'))).toEqual([]);
    const gold = openPostgresGold({ ...settings, dsn: as('lowly') });
    expect(await gold.apply(part)).toBe(true);
    await gold.close();
  });
});
