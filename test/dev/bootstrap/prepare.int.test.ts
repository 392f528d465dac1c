import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, temporaryServer } from '../../support/temporary.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

const CLI = `declare const process: { argv: string[] };
console.log('cli', process.argv.slice(2).join(' '));
`;

/** A clean clone of a small project: the real bootstrap, one source file, and the compiler as the only dependency. */
function cleanClone(): string {
  const root = temporaryFolder();
  for (const folder of ['bin', 'dev/bootstrap', 'scripts', 'src/commands'])
    mkdirSync(join(root, folder), { recursive: true });
  cpSync(join(repository, 'bin'), join(root, 'bin'), { recursive: true });
  const bootstrap = readdirSync(join(repository, 'dev/bootstrap')).map(name => `dev/bootstrap/${name}`);
  for (const path of [...bootstrap, 'src/commands/process-id.mjs']) {
    cpSync(join(repository, path), join(root, path));
  }
  cpSync(join(repository, 'scripts/build.mjs'), join(root, 'scripts/build.mjs'));
  write(root, 'dev/cli.ts', CLI);
  write(
    root,
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { module: 'nodenext', target: 'es2023', types: [] } }),
  );
  const compilerOptions = { outDir: 'dist', rootDir: '.', lib: ['es2023', 'dom'] };
  write(
    root,
    'tsconfig.build.json',
    JSON.stringify({ extends: './tsconfig.json', compilerOptions, include: ['src', 'dev'] }),
  );
  // A folder instead of a registry, so that the test needs no network.
  const typescript = `file:${join(repository, 'node_modules/typescript')}`;
  write(
    root,
    'package.json',
    JSON.stringify({ name: 'clone', type: 'module', dependencies: { typescript } }),
  );
  execFileSync('npm', ['install', '--package-lock-only', '--offline', '--no-audit'], {
    cwd: root,
    stdio: 'pipe',
  });
  return root;
}

function write(root: string, path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

async function wikigauge(
  root: string,
  args: string[],
  options: { env?: Record<string, string>; killOn?: string } = {},
): Promise<Ended> {
  const startedMs = Date.now();
  const child = spawn(process.execPath, ['bin/wikigauge.mjs', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: root, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += String(chunk)));
  child.stderr.on('data', chunk => {
    err += String(chunk);
    if (options.killOn !== undefined && err.includes(options.killOn)) child.kill('SIGTERM');
  });

  await once(child, 'close');
  return { code: child.exitCode, out, err, ms: Date.now() - startedMs };
}

describe('wikigauge in a clone', () => {
  it('installs and builds on a clean clone, then is quiet and fast', async () => {
    const root = cleanClone();
    const first = await wikigauge(root, ['worker', '--x', 'a b']);
    expect(first.err).toMatch(
      /^npm packages: installing.*\nnpm packages: done in .*\nbuild: compile\nbuild: done in .*\n$/,
    );
    expect(first).toMatchObject({ code: 0, out: 'cli worker --x a b\n' });
    const second = await wikigauge(root, ['worker']);
    expect(second).toMatchObject({ code: 0, out: 'cli worker\n', err: '' });
    expect(second.ms).toBeLessThan(1_500);
    expect(readdirSync(root).filter(name => name.startsWith('.dist'))).toEqual([]);
  });

  it('prepares once when two commands start together', async () => {
    const root = cleanClone();
    const both = await Promise.all([wikigauge(root, ['worker']), wikigauge(root, ['api'])]);
    expect(both.map(({ code, out }) => ({ code, out }))).toEqual([
      { code: 0, out: 'cli worker\n' },
      { code: 0, out: 'cli api\n' },
    ]);
    const output = both.map(({ err }) => err).join('');
    expect(output.match(/npm packages: installing/g)).toHaveLength(1);
    expect(output).toMatch(/waiting for process \d+, which is already preparing this clone/);
  });

  it('rebuilds when a source changes, and removes the output of deleted sources', async () => {
    const root = cleanClone();
    write(root, 'src/old.ts', 'export const old = 1;\n');
    await wikigauge(root, ['x']);
    expect(existsSync(join(root, 'dist/src/old.js'))).toBe(true);
    rmSync(join(root, 'src/old.ts'));
    write(root, 'dev/cli.ts', "console.log('new');\n");
    const again = await wikigauge(root, ['x']);
    expect(again).toMatchObject({ code: 0, out: 'new\n' });
    expect(again.err).not.toContain('npm');
    expect(existsSync(join(root, 'dist/src/old.js'))).toBe(false);
  });

  it('shows the compiler errors, and keeps the previous build', async () => {
    const root = cleanClone();
    await wikigauge(root, ['x']);
    write(root, 'dev/cli.ts', "const n: number = 'text';\n");
    const broken = await wikigauge(root, ['x']);
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/build step "compile" failed \(exit code \d\):\n.*dev\/cli.ts.*TS2322/);
    expect(readFileSync(join(root, 'dist/dev/cli.js'), 'utf8')).toContain("'cli'");
  });

  it('releases its lock when stopped halfway', async () => {
    const root = cleanClone();
    const stopped = await wikigauge(root, ['x'], { killOn: 'installing' });
    expect(stopped.code).toBe(130);
    expect(await wikigauge(root, ['x'])).toMatchObject({ code: 0, out: 'cli x\n' });
  });

  it('reports an unreadable stream before it installs anything', async () => {
    const root = cleanClone();
    const url = await temporaryServer((_request, response) => response.writeHead(429).end());
    const refused = await wikigauge(root, ['start'], { env: { EVENTSTREAMS_URL: url } });
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('(429)');
    expect(refused.err).toContain('npm run demo');
    expect(existsSync(join(root, 'node_modules'))).toBe(false);
    const unreachable = { EVENTSTREAMS_URL: 'http://stream.invalid/v2' };
    expect((await wikigauge(root, ['start'], { env: unreachable })).err).toContain(
      'Cannot reach stream.invalid',
    );
  });

  it('runs an installed package without preparing', async () => {
    const root = cleanClone();
    rmSync(join(root, 'package-lock.json'));
    mkdirSync(join(root, 'dist/src'), { recursive: true });
    write(root, 'dist/src/cli.js', "console.log('installed');\n");
    expect(await wikigauge(root, ['demo'])).toMatchObject({ code: 0, out: 'installed\n', err: '' });
  });
});
