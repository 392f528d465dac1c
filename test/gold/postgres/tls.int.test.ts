/** `sslmode` on a real server with TLS: the same in both forms of PG_DSN, as libpq defines it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { PipelineError } from '../../../src/contracts/errors.ts';
import { migrate } from '../../../src/gold/postgres/migrate.ts';
import { PostgresPool } from '../../../src/gold/postgres/pool.ts';
import { withAdvisoryReplayLock } from '../../../src/gold/postgres/replay-lock.ts';
import { makeAuthority, makeCertificate } from '../../support/certificates.ts';
import { startOwnPostgres } from '../../support/own-postgres.ts';
import type { OwnPostgres } from '../../support/own-postgres.ts';
import { untilHolds } from '../../support/until.ts';

const PASSWORD = 's3cret';
/** Roles that may connect only with TLS, only without, and only with a client certificate. */
const ACCESS = `
host all wikigauge all scram-sha-256
hostssl all sslonly all scram-sha-256
hostnossl all clearonly all scram-sha-256
hostssl all certified all cert
`;

let folder: string;
let server: OwnPostgres;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wikigauge-tls-'));
  const ours = await makeAuthority(folder, 'ours');
  await makeAuthority(folder, 'other');
  const host = await makeCertificate(folder, 'localhost', ours);
  await makeCertificate(folder, 'certified', ours);
  server = await startOwnPostgres();
  const key = server.writeFile('host.key', await readFile(host.key));
  const cert = server.writeFile('host.crt', await readFile(host.cert));
  const ca = server.writeFile('ours.crt', await readFile(ours.cert));
  for (const role of ['sslonly', 'clearonly', 'certified'])
    await server.sql(
      `create role ${role} login password '${PASSWORD}'; grant create on database wikigauge to ${role}`,
    );
  server.writeFile('pg_hba.conf', ACCESS);
  const settings = { ssl: 'on', ssl_key_file: key, ssl_cert_file: cert, ssl_ca_file: ca };
  for (const [name, value] of Object.entries(settings))
    await server.sql(`alter system set ${name} = '${value}'`);
  await server.sql('select pg_reload_conf()');
  await untilHolds(() => isEncrypted(dsnOf({ user: 'sslonly', sslmode: 'require' })));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** `{ours}` in a value is the test's folder. */
type Keywords = Readonly<Record<string, string>>;

function dsnOf(keywords: Keywords): string {
  const all = {
    host: 'localhost',
    port: String(server.port),
    dbname: 'wikigauge',
    password: PASSWORD,
    ...keywords,
  };
  return Object.entries(all)
    .map(([keyword, value]) => `${keyword}='${value.replace('{folder}', folder)}'`)
    .join(' ');
}

function urlOf({ host = 'localhost', user = '', ...others }: Keywords): string {
  const query = new URLSearchParams(
    Object.fromEntries(
      Object.entries(others).map(([keyword, value]) => [keyword, value.replace('{folder}', folder)]),
    ),
  );
  return `postgres://${user}:${PASSWORD}@${host}:${server.port}/wikigauge?${query.toString()}`;
}

/** Whether the connection of a pool is encrypted, as the server sees it. */
async function isEncrypted(dsn: string): Promise<boolean> {
  const pool = new PostgresPool({
    dsn,
    maxConnections: 1,
    applicationName: 'test',
    statementTimeoutMs: 30_000,
  });
  try {
    const [row] = await pool.query<{ ssl: boolean }>({
      text: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    });
    return row?.ssl === true;
  } finally {
    await pool.close();
  }
}

const OURS = { sslrootcert: '{folder}/ours.crt' };
const OTHER = { sslrootcert: '{folder}/other.crt' };
const CERTIFICATE = { sslcert: '{folder}/certified.crt', sslkey: '{folder}/certified.key' };

describe.each([
  ['keywords', dsnOf],
  ['URL', urlOf],
])('in the form of %s', (_, form) => {
  test.each<Keywords>([
    { user: 'sslonly' },
    { user: 'sslonly', sslmode: 'allow' },
    { user: 'sslonly', sslmode: 'prefer' },
    { user: 'sslonly', sslmode: 'require' },
    { user: 'sslonly', sslmode: 'require', host: '127.0.0.1', ...OURS },
    { user: 'sslonly', sslmode: 'verify-ca', host: '127.0.0.1', ...OURS },
    { user: 'sslonly', sslmode: 'verify-full', ...OURS },
    { user: 'certified', sslmode: 'require', ...CERTIFICATE },
  ])('is encrypted: %j', async keywords => {
    expect(await isEncrypted(form(keywords))).toBe(true);
  });

  test.each<Keywords>([
    { user: 'clearonly' },
    { user: 'clearonly', sslmode: 'disable' },
    { user: 'clearonly', sslmode: 'allow' },
    { user: 'clearonly', sslmode: 'prefer' },
  ])('is in clear text: %j', async keywords => {
    expect(await isEncrypted(form(keywords))).toBe(false);
  });

  test.each<[Keywords, RegExp]>([
    [{ user: 'sslonly', sslmode: 'disable' }, /wants TLS, set sslmode=require/],
    [{ user: 'clearonly', sslmode: 'require' }, /pg_hba\.conf/],
    [{ user: 'sslonly', sslmode: 'require', ...OTHER }, /Set sslrootcert/],
    [{ user: 'sslonly', sslmode: 'verify-ca', ...OTHER }, /Set sslrootcert/],
    [
      { user: 'sslonly', sslmode: 'verify-full', host: '127.0.0.1', ...OURS },
      /host to the name in the certificate/,
    ],
    // The authorities that Node trusts have not signed it.
    [{ user: 'sslonly', sslmode: 'verify-full' }, /Set sslrootcert/],
    [{ user: 'sslonly', sslmode: 'verify-ca' }, /Set sslrootcert/],
    [{ user: 'sslonly', sslmode: 'require', sslrootcert: 'system' }, /Set sslmode=verify-full/],
    [{ user: 'sslonly', sslmode: 'require', sslrootcert: '{folder}/missing.crt' }, /Name a readable file/],
    [{ user: 'certified', sslmode: 'require', sslcert: '{folder}/certified.crt' }, /Set sslkey/],
  ])('is refused with what to do: %j', async (keywords, hint) => {
    const error: unknown = await isEncrypted(form(keywords)).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(PipelineError);
    expect(error).toMatchObject({ retryable: false, hint: expect.stringMatching(hint) as unknown });
  });
});

test('a wrong password is named although clear text is refused for another reason', async () => {
  await expect(isEncrypted(dsnOf({ user: 'sslonly', password: 'wrong' }))).rejects.toMatchObject({
    message: expect.stringMatching(/password authentication failed.*no encryption/) as unknown,
    hint: 'Check user and password in PG_DSN.',
  });
});

test('migrations and the lock of replays use the same connection', async () => {
  const dsn = dsnOf({ user: 'sslonly', sslmode: 'verify-full', ...OURS });
  expect(await migrate(dsn, { signal: AbortSignal.timeout(60_000) })).toContain('0001_create-gold');
  expect(
    await withAdvisoryReplayLock(
      dsn,
      () => undefined,
      async () => 'done',
    ),
  ).toBe('done');
});

describe('a server without TLS', () => {
  const dsn = (sslmode: string): string => `${inject('stackEnv')['PG_DSN'] ?? ''}?sslmode=${sslmode}`;

  test.each(['disable', 'allow', 'prefer'])('is used with sslmode=%s', async sslmode => {
    expect(await isEncrypted(dsn(sslmode))).toBe(false);
  });

  test.each(['require', 'verify-full'])('is refused with sslmode=%s', async sslmode => {
    await expect(isEncrypted(dsn(sslmode))).rejects.toMatchObject({
      hint: expect.stringContaining('set sslmode=prefer or sslmode=disable') as unknown,
    });
  });
});
