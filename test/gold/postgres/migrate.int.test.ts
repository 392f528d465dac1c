/** Databases that a migration meets: each is migrated, or refused with the reason before anything is changed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from 'pg';
import { migrate } from '../../../src/gold/postgres/migrate.ts';
import { startOwnPostgres } from '../../support/own-postgres.ts';
import type { OwnPostgres } from '../../support/own-postgres.ts';

let server: OwnPostgres;
beforeAll(async () => {
  server = await startOwnPostgres();
});
afterAll(() => server.stop());

/** The URL of a new database. */
async function freshDatabase(name: string, options = ''): Promise<string> {
  await server.sql(`create database ${name} ${options}`);
  const url = new URL(server.dsn);
  url.pathname = `/${name}`;
  return url.href;
}

const migrateAt = (dsn: string): Promise<string[]> => migrate(dsn, { signal: AbortSignal.timeout(60_000) });

async function tablesOf(dsn: string): Promise<string[]> {
  const client = new Client({ connectionString: dsn });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'gold'::regnamespace and relkind = 'r' order by 1`,
  );
  await client.end();
  return rows.map(({ name }) => name);
}

test.each([
  ['LATIN1', "encoding 'LATIN1' template template0 locale_provider libc locale 'C'"],
  ['SQL_ASCII', "encoding 'SQL_ASCII' template template0 locale_provider libc locale 'C'"],
])('a database in %s is refused with the reason', async (encoding, options) => {
  await expect(migrateAt(await freshDatabase(`in_${encoding.toLowerCase()}`, options))).rejects.toMatchObject(
    {
      code: 'bad_configuration',
      retryable: false,
      message: expect.stringContaining(`has the encoding ${encoding}`) as unknown,
      hint: expect.stringContaining("encoding 'UTF8' template template0") as unknown,
    },
  );
});

describe('schema_migrations of another tool in schema gold is named, and nothing is done', () => {
  test.each([
    ['with other columns', '(version bigint, dirty boolean)', '', /columns version, dirty/],
    [
      'with migrations of its own',
      '(id serial primary key, name varchar(255), run_on timestamp)',
      `insert into gold.schema_migrations (name, run_on) values ('0001_users', now())`,
      /lists 0001_users/,
    ],
  ])('%s', async (name, columns, more, why) => {
    const dsn = await freshDatabase(name.replaceAll(' ', '_'));
    await server.sql(`create schema gold; create table gold.schema_migrations ${columns}; ${more}`, dsn);
    const error: unknown = await migrateAt(dsn).catch((refused: unknown) => refused);
    expect(error).toMatchObject({
      code: 'bad_configuration',
      retryable: false,
      message: expect.stringMatching(/table gold\.schema_migrations belongs to another tool/) as unknown,
    });
    expect((error as Error).message).toMatch(why);
    expect(await tablesOf(dsn)).toEqual(['schema_migrations']);
  });
});

test('a database of a newer version is left as it is', async () => {
  const dsn = await freshDatabase('newer');
  const first = await migrateAt(dsn);
  await server.sql(`insert into gold.schema_migrations (name, run_on) values ('9999_later', now())`, dsn);
  expect(first).toContain('0001_create-gold');
  expect(await migrateAt(dsn)).toEqual([]);
});
