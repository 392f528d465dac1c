import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { birthOf, commandLineOf, signalProcess } from '../../../src/commands/process-id.mjs';
import { findServer } from '../../../dev/bootstrap/servers.mjs';
import type { StackSettings } from '../../../dev/stack/stack.ts';
import { recall, remember } from './stack-client.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const main = fileURLToPath(new URL('../../../dist/dev/stack/stack-main.js', import.meta.url));

interface Foreground {
  readonly process: ChildProcess;
  readonly home: string;
  out: string;
  err: string;
}

interface RunOptions {
  readonly prefix?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly settings?: Partial<StackSettings>;
  readonly isTerminal?: boolean;
}

const defaultSettings = {
  ports: { temporal: 0, temporalUi: 0, postgres: 0, s3: 0 },
  bucket: 'edits',
  region: 'us-east-1',
  postgres: true,
};

/** Runs `wikigauge stack` from `dist/` in a separate process. */
async function runStack(home: string, options: RunOptions = {}): Promise<Foreground> {
  const { prefix = [], env = process.env, settings = {}, isTerminal = false } = options;
  if (!existsSync(main)) throw new Error(`${main} is missing; run npm run build`);
  const script = `
    import { runStack } from ${JSON.stringify(pathToFileURL(main))};
    process.exitCode = await runStack(
      ${JSON.stringify({ ...defaultSettings, ...settings, home })},
      { print: line => console.log(line), log: line => console.error(line), isTerminal: ${isTerminal} },
    );`;
  const [command, ...args] = [...prefix, process.execPath, '--input-type=module', '--eval', script];
  const child = spawn(command, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
  const running: Foreground = { process: child, home, out: '', err: '' };
  child.stdout.on('data', chunk => (running.out += String(chunk)));
  child.stderr.on('data', chunk => (running.err += String(chunk)));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  await expect
    .poll(() => running.out + (child.exitCode === null ? '' : running.err), { timeout: 30_000 })
    .toMatch(/^stack ready$/m);
  return running;
}

function settingsOf(home: string): Record<string, string> {
  return parseEnv(readFileSync(join(home, 'stack.env'), 'utf8')) as Record<string, string>;
}

function pidsOf(home: string): number[] {
  const noted = JSON.parse(readFileSync(join(home, 'servers.json'), 'utf8')) as { pid: number }[];
  return noted.map(server => server.pid);
}

async function allGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(pid => birthOf(pid) !== undefined), { timeout: 15_000 }).toEqual([]);
}

describe('runStack', () => {
  it('prints its settings for a program to read', async () => {
    const settings = { given: { temporalAddress: 't:1' } };
    const stack = await runStack(temporaryFolder(), { settings });
    const [line = '', ready] = stack.out.split('\n');
    expect(ready).toBe('stack ready');
    expect(parseEnv(line.replaceAll(' ', '\n'))).toEqual(settingsOf(stack.home));
  });

  it('shows its settings on a terminal without passwords, and stops in order on Ctrl-C', async () => {
    const stack = await runStack(temporaryFolder(), { isTerminal: true });
    const [settings = '', ready] = stack.out.split('\n');
    expect(ready).toBe('stack ready');
    const { PG_DSN = '', AWS_SECRET_ACCESS_KEY = '', ...others } = settingsOf(stack.home);
    const asShell = spawnSync('env', ['-i', 'sh', '-c', `export ${settings}; env`], { encoding: 'utf8' });
    expect(parseEnv(asShell.stdout)).toMatchObject({ ...others, PG_DSN, AWS_SECRET_ACCESS_KEY });
    for (const secret of [new URL(PG_DSN).password, AWS_SECRET_ACCESS_KEY]) {
      expect(secret).not.toBe('');
      expect(stack.out + stack.err).not.toContain(secret);
    }
    const pids = pidsOf(stack.home);
    expect(pids).toHaveLength(3);
    stack.process.kill('SIGINT');
    // npm forwards the terminal's Ctrl-C, so it arrives twice.
    stack.process.kill('SIGINT');
    await once(stack.process, 'exit');
    expect(stack.process.exitCode).toBe(0);
    expect(stack.err).toContain(`Stopping (SIGINT) …\nStopped.\n`);
    expect(readFileSync(join(stack.home, 'logs/postgres.log'), 'utf8')).toContain(
      'database system is shut down',
    );
    await allGone(pids);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('stops on %s', async signal => {
    const settings = { given: { temporalAddress: 't:1' }, postgres: false };
    const stack = await runStack(temporaryFolder(), { settings });
    stack.process.kill(signal);
    await once(stack.process, 'exit');
    expect(stack.process.exitCode).toBe(0);
    expect(stack.err).toContain(`Stopping (${signal}) …`);
  });

  it('ends with code 1 when a server dies, and says which', async () => {
    const stack = await runStack(temporaryFolder());
    const pids = pidsOf(stack.home);
    const gateway = pids.find(pid => commandLineOf(pid).includes('versitygw')) ?? 0;
    signalProcess(gateway, 'SIGKILL');
    await once(stack.process, 'exit');
    expect(stack.process.exitCode).toBe(1);
    expect(stack.err).toMatch(/^s3 ended unexpectedly \(signal SIGKILL\)\. The end of its log, .*s3\.log:$/m);
    await allGone(pids);
  });

  it('leaves no process behind after kill -9, and keeps the data', async () => {
    const home = temporaryFolder();
    const killed = await runStack(home);
    await remember(settingsOf(home), 'survivor');
    const pids = pidsOf(home);
    killed.process.kill('SIGKILL');
    await allGone(pids);
    expect(readFileSync(join(home, 'logs/postgres.log'), 'utf8')).toContain('database system is shut down');
    await runStack(home);
    expect(await recall(settingsOf(home))).toEqual([{ word: 'survivor' }, 'survivor', 'survivor']);
  });

  it('stops the servers of a run that was killed together with its reaper', async () => {
    const home = temporaryFolder();
    const killed = await runStack(home);
    await remember(settingsOf(home), 'orphan');
    const pids = pidsOf(home);
    const reaper = spawnSync('pgrep', ['-P', String(killed.process.pid), '-f', 'reaper.mjs'], {
      encoding: 'utf8',
    });
    signalProcess(Number(reaper.stdout), 'SIGKILL');
    killed.process.kill('SIGKILL');
    await once(killed.process, 'exit');
    expect(pids.filter(pid => birthOf(pid) === undefined)).toEqual([]);
    const next = await runStack(home);
    expect(next.err).toContain('Stopping servers left over from a killed run: ');
    await allGone(pids);
    expect(await recall(settingsOf(home))).toEqual([{ word: 'orphan' }, 'orphan', 'orphan']);
  });

  it.runIf(process.getuid?.() === 0 && nobodyCanRead(main))('runs as an unprivileged user', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const [bin, home] = [join(folder, 'bin'), join(folder, 'home')];
    mkdirSync(bin);
    mkdirSync(home);
    chownSync(home, NOBODY, NOBODY);
    for (const name of ['temporal', 'versitygw'] as const)
      copyFileSync(findServer(name, process.env) ?? '', join(bin, name));
    const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: home };
    const stack = await runStack(join(home, 'state'), { prefix: asNobody, env });
    await remember(settingsOf(stack.home), 'nobody');
    expect(await recall(settingsOf(stack.home))).toEqual([{ word: 'nobody' }, 'nobody', 'nobody']);
  });
});

const NOBODY = 65_534;
const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

function nobodyCanRead(path: string): boolean {
  return spawnSync(asNobody[0] ?? '', [...asNobody.slice(1), 'cat', path], { stdio: 'ignore' }).status === 0;
}
