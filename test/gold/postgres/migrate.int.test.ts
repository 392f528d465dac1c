/** Databases that a migration meets: each is migrated, or refused with the reason before anything is changed. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from 'pg';
import { migrate } from '../../../src/gold/postgres/migrate.ts';
import { startOwnPostgres } from '../../support/own-postgres.ts';
import type { OwnPostgres } from '../../support/own-postgres.ts';
import { untilHolds } from '../../support/until.ts';

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

test('a lock that somebody keeps is reported with its holder, and what ends it', async () => {
  const dsn = await freshDatabase('locked');
  const holder = new Client({ connectionString: dsn, application_name: 'forgetful' });
  await holder.connect();
  const { rows } = await holder.query<{ pid: number }>(
    'select pg_backend_pid() as pid, pg_advisory_lock(2003397481)::text',
  );
  const pid = rows[0]?.pid ?? 0;
  await expect(migrateAt(dsn)).rejects.toMatchObject({
    retryable: false,
    message: expect.stringContaining(
      `process ${pid} (forgetful, role wikigauge) has held the lock`,
    ) as unknown,
    hint: expect.stringContaining(`select pg_terminate_backend(${pid})`) as unknown,
  });
  await holder.end();
  expect(await migrateAt(dsn)).toContain('0001_create-gold');
});

test('TimescaleDB that is installed but not preloaded is left out', async () => {
  // Stands for the extension: like it, it ends the connection of whoever creates it without its library.
  const folder = await mkdtemp(join(tmpdir(), 'wikigauge-extension-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'extension'));
  await writeFile(
    join(folder, 'extension', 'timescaledb.control'),
    `default_version = '1.0'\ncomment = 'not preloaded'\nrelocatable = false\n`,
  );
  await writeFile(
    join(folder, 'extension', 'timescaledb--1.0.sql'),
    'select pg_terminate_backend(pg_backend_pid());',
  );
  await server.sql(`alter system set extension_control_path = '$system:${folder}'`);
  await server.sql('select pg_reload_conf()');
  const dsn = await freshDatabase('without_preload');
  await untilHolds(async () => {
    const client = new Client({ connectionString: dsn });
    await client.connect();
    const { rowCount } = await client.query(`select from pg_available_extensions where name = 'timescaledb'`);
    await client.end();
    expect(rowCount).toBe(1);
  });
  expect(await migrateAt(dsn)).toContain('0001_create-gold');
  expect(await tablesOf(dsn)).toContain('edits_per_min');
  await server.sql('alter system reset extension_control_path');
  await server.sql('select pg_reload_conf()');
  await rm(folder, { recursive: true });
});
