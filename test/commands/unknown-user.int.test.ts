/**
 * A user without an entry in passwd and without HOME, as `docker run --user 54321` gives: what needs no name and no home
 * works, the rest says what to set.
 */
import { chmodSync, chownSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findServer } from '../../dev/bootstrap/servers.mjs';
import { runCli } from '../support/cli.ts';
import type { Outcome } from '../support/cli.ts';
import { startProcess } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { AS_UNKNOWN_USER, UNKNOWN_UID, unknownUserProblem } from '../support/unknown-user.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const problem = unknownUserProblem();
const NAMELESS = { HOME: undefined, USER: undefined, LOGNAME: undefined, USERNAME: undefined };

describe.runIf(problem === undefined)('a user without an entry in passwd', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const run = (
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Outcome> => runCli(world, args, { as: AS_UNKNOWN_USER, env: { ...NAMELESS, ...env } });

  test.each([
    [['--version']],
    [['migrate']],
    [['verify', '--hours', '1']],
    [['dead-letters', '--hours', '1']],
    [['lifecycle', '--dry-run']],
    [['doctor']],
    [['ingest']],
    [['backfill', '--hours', '1', '--dry-run', '--source', 'stream']],
  ])('runs %j as others do', async args => {
    const expected = await runCli(world, args);
    const { code, output } = await run(args);
    expect(output).not.toMatch(/ERR_SYSTEM_ERROR|uv_os|^\s+at /m);
    expect({ code, output }).toEqual({ code: expected.code, output: expect.any(String) as unknown });
  });

  test.each(['worker', 'api'] as const)('runs a process %s', async command => {
    const env = { ...NAMELESS, PORT: '0', EVENTSTREAMS_URL: 'http://127.0.0.1:1/' };
    const child = await startProcess(world, command, { as: AS_UNKNOWN_USER, env });
    expect(child.pid).toBeGreaterThan(0);
    await child.stop();
  });

  test('is asked for the user in PG_DSN, which nothing else can tell', async () => {
    const dsn = new URL(world.env['PG_DSN'] ?? '');
    const place = `host=${dsn.hostname} port=${dsn.port} dbname=${dsn.pathname.slice(1)} password=${dsn.password}`;
    const { code, output } = await run(['migrate'], { PG_DSN: place });
    expect(code).toBe(1);
    expect(output).toContain(
      `PG_DSN names no user, and the user of this process (uid ${UNKNOWN_UID}) has no name`,
    );
    expect(output).toContain('Set user in PG_DSN');
    expect(await run(['migrate'], { PG_DSN: place, PGUSER: dsn.username })).toMatchObject({ code: 0 });
  });

  test('needs no writable folder, except for servers of its own, where the variable to set is named', async () => {
    // Both belong to root.
    const places = { HOME: '/etc', WIKIGAUGE_HOME: '/etc/wikigauge' };
    expect(await run(['verify', '--hours', '1'], places)).toMatchObject({ code: 0 });
    const { code, output } = await run(['stack'], { ...places, XDG_CACHE_HOME: '/etc' });
    expect(output).toContain(
      `Cannot write to /etc/wikigauge, which keeps the data of the local servers: user ${UNKNOWN_UID} may not`,
    );
    expect(output).toContain('Set WIKIGAUGE_HOME to a folder that this user may write.');
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  describe('and its own servers', () => {
    /** Settings of a stack in a folder of that user, with the servers where it can reach them. */
    const stack = (env: Readonly<Record<string, string>>) => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o755);
      const home = join(folder, 'home');
      mkdirSync(home);
      chownSync(home, UNKNOWN_UID, UNKNOWN_UID);
      for (const name of ['temporal', 'versitygw'] as const)
        copyFileSync(findServer(name, process.env) ?? '', join(folder, name));
      const ports = ['TEMPORAL', 'TEMPORAL_UI', 'POSTGRES', 'S3'].map(server => [
        `STACK_${server}_PORT`,
        '0',
      ]);
      const given = ['TEMPORAL_ADDRESS', 'PG_DSN', 'AWS_ENDPOINT_URL'].map(setting => [setting, '']);
      const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
      return { ...NAMELESS, ...Object.fromEntries([...ports, ...given]), PATH, WIKIGAUGE_HOME: home, ...env };
    };

    test.each([
      ['Temporal', { GOLD: 's3' }],
      ['Postgres', { TEMPORAL_ADDRESS: '127.0.0.1:1' }],
    ])('is told why %s does not run, and what to do', async (name, env) => {
      const { code, output } = await run(['stack'], stack(env));
      expect(output).toContain(
        `${name} does not run as user ${UNKNOWN_UID}, who has no entry in /etc/passwd`,
      );
      expect(output).toContain(`useradd --uid ${UNKNOWN_UID}`);
      expect(code).toBe(1);
    });
  });
});

describe.runIf(problem !== undefined)('a user without an entry in passwd', () => {
  test('cannot run here', () => {
    console.log(`Not tested: ${problem ?? ''}`);
    expect(problem).toBeDefined();
  });
});
