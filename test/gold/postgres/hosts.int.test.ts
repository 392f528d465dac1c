/** Keywords of libpq on real servers: several hosts, which of them is wanted, and where the password is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from 'pg';
import { freePort } from '../../../dev/stack/ports.ts';
import { migrate } from '../../../src/gold/postgres/migrate.ts';
import { PostgresPool } from '../../../src/gold/postgres/pool.ts';
import { startOwnPostgres } from '../../support/own-postgres.ts';
import type { OwnPostgres } from '../../support/own-postgres.ts';
import { untilHolds } from '../../support/until.ts';

const PASSWORD = 's3cret';

let first: OwnPostgres;
let second: OwnPostgres;
let dead: number;
beforeAll(async () => {
  [first, second] = await Promise.all([startOwnPostgres(), startOwnPostgres()]);
  dead = await freePort();
  for (const server of [first, second]) {
    await server.sql(`create role someone login password '${PASSWORD}'`);
    await server.sql('create table written (n integer); grant insert on written to someone');
  }
  await setReadOnly(first, true);
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
});

async function setReadOnly(server: OwnPostgres, isReadOnly: boolean): Promise<void> {
  await server.sql(`alter role someone set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`);
}

function dsnOf(ports: readonly number[], keywords = `password=${PASSWORD}`): string {
  const hosts = ports.map(() => '127.0.0.1').join(',');
  return `host=${hosts} port=${ports.join(',')} dbname=wikigauge user=someone sslmode=disable ${keywords}`;
}

async function withPool<T>(dsn: string, work: (pool: PostgresPool) => Promise<T>): Promise<T> {
  const pool = new PostgresPool({
    dsn,
    maxConnections: 2,
    applicationName: 'test',
    statementTimeoutMs: 30_000,
  });
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

async function portOf(pool: PostgresPool): Promise<number | undefined> {
  const [row] = await pool.query<{ port: number }>({ text: 'select inet_server_port() as port' });
  return row?.port;
}

const reached = (dsn: string): Promise<number | undefined> => withPool(dsn, portOf);

describe('several hosts', () => {
  test('the first that answers is used', async () => {
    expect(await reached(dsnOf([dead, first.port, second.port]))).toBe(first.port);
    const url = `postgres://someone:${PASSWORD}@127.0.0.1:${dead},localhost:${second.port}/wikigauge`;
    expect(await reached(url)).toBe(second.port);
  });

  test('one that refuses the password ends the search, as in libpq', async () => {
    await expect(reached(dsnOf([dead, first.port, second.port], 'password=wrong'))).rejects.toMatchObject({
      retryable: false,
      hint: 'Check user and password in PG_DSN.',
    });
  });

  test('random order reaches each of them', async () => {
    const ports = new Set<number | undefined>();
    await untilHolds(async () => {
      ports.add(await reached(`${dsnOf([first.port, second.port])} load_balance_hosts=random`));
      expect(ports.size).toBe(2);
    });
  });
});

describe('target_session_attrs', () => {
  test.each<[string, () => number]>([
    ['any', () => first.port],
    ['read-write', () => second.port],
    ['read-only', () => first.port],
    ['primary', () => first.port],
    ['prefer-standby', () => first.port],
  ])('%s', async (wanted, port) => {
    expect(await reached(`${dsnOf([first.port, second.port])} target_session_attrs=${wanted}`)).toBe(port());
  });

  test('that no server has fails, naming the keyword and each server', async () => {
    await expect(reached(`${dsnOf([first.port, second.port])} target_session_attrs=standby`)).rejects.toThrow(
      new RegExp(`127.0.0.1:${first.port} is not what target_session_attrs=standby.*${second.port} is not`),
    );
  });

  test('follows the server that takes writes', async () => {
    const dsn = `${dsnOf([first.port, second.port])} target_session_attrs=read-write`;
    await withPool(dsn, async pool => {
      const write = () => pool.query({ text: 'insert into written values (1)' });
      await write();
      await setReadOnly(second, true);
      await setReadOnly(first, false);
      // The setting counts for new sessions; those that are open stay.
      await endSessions(second);
      await untilHolds(write);
      expect(await portOf(pool)).toBe(first.port);
    });
    await setReadOnly(first, true);
    await setReadOnly(second, false);
  });
});

async function endSessions(server: OwnPostgres): Promise<void> {
  await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'someone'`);
}

describe('the password', () => {
  test('comes from the passfile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wikigauge-passfile-'));
    const passfile = join(folder, 'pgpass');
    await writeFile(passfile, `127.0.0.1:${second.port}:wikigauge:someone:${PASSWORD}\n`, { mode: 0o600 });
    expect(await reached(dsnOf([second.port], `passfile=${passfile}`))).toBe(second.port);
    await expect(reached(dsnOf([first.port], `passfile=${passfile}`))).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining(`has none for 127.0.0.1:${first.port}:wikigauge:someone`) as unknown,
    });
    await rm(folder, { recursive: true });
  });
});

test('application_name and options reach the server', async () => {
  const dsn = dsnOf([second.port], `password=${PASSWORD} application_name=mine options='-c work_mem=5MB'`);
  const rows = await withPool(dsn, pool =>
    pool.query({
      text: `select current_setting('application_name') as name, current_setting('work_mem') as memory`,
    }),
  );
  expect(rows).toEqual([{ name: 'mine', memory: '5MB' }]);
});

test('migrations follow the wanted server too', async () => {
  await second.sql('grant create on database wikigauge to someone');
  const dsn = `${dsnOf([dead, first.port, second.port])} target_session_attrs=read-write`;
  expect(await migrate(dsn, { signal: AbortSignal.timeout(60_000) })).toContain('0001_create-gold');
  const client = new Client({ connectionString: second.dsn });
  await client.connect();
  expect((await client.query('select from gold.edits_per_min')).rowCount).toBe(0);
  await client.end();
});
