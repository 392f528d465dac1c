/**
 * What a newcomer does first: `npm run demo`, look at the chart and at the Temporal Web UI, Ctrl-C, and start again. Also
 * takes the README's pictures; `npm run pictures` keeps them.
 */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { birthOf, isRunning } from '../../src/commands/process-id.mjs';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { rowsInS3 } from '../support/exactness.ts';
import { GOLD_ALONE } from '../support/form.ts';
import { untilHolds } from '../support/until.ts';
import { runCli } from '../support/cli.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MINUTE = 60_000;

describe.each(GOLD_ALONE)('npm run demo, gold in %s', gold => {
  const home = join(inject('folder'), `demo-home-${gold}`);
  let browser: Browser;
  let demo: Demo | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(() => demo?.process.kill('SIGTERM'));
  afterAll(() => browser.close());

  test('shows a moving chart and the runs in the Web UI, and resumes without loss after Ctrl-C', async () => {
    const first = await startDemo(home, gold);
    demo = first;
    const { page, complaints } = await openPage(
      browser,
      `${first.dashboard}/?wiki=wikidatawiki&minutes=180&ma=5`,
      {
        viewport: { width: 1280, height: 800 },
      },
    );
    await page.getByText('SIMULATED').first().waitFor();
    // The first three hours are read within seconds; then the newest minutes arrive.
    await untilHolds(async () =>
      expect(await lastMinuteOf(first, 'wikidatawiki')).toBeGreaterThan(Date.now() - 2 * MINUTE),
    );
    // In another shell, `stack.env` is enough to ask the simulated Wikimedia instead of the real one.
    const dryRun = ['backfill', '--dry-run', '--hours', '2', '--source', 'api', '--wiki', 'enwiki'];
    expect(await runCli(first, dryRun)).toMatchObject({ code: 0 });
    expect(first.env).toMatchObject({
      EVENTSTREAMS_URL: `${first.simulated}/v2/stream/recentchange`,
      GOLD: gold,
    });
    const before = await pixelsOf(page);
    await untilHolds(async () => expect(await pixelsOf(page)).not.toBe(before));
    expect(complaints).toEqual([]);
    await picture(page, 'dashboard', gold);
    await page.close();

    const webUi = await openPage(browser, `${first.webUi}/namespaces/default/workflows`, {
      viewport: { width: 1600, height: 800 },
    });
    await webUi.page.getByText('ingest-recentchange').first().waitFor();
    await untilHolds(async () =>
      expect(await webUi.page.getByText('transformHour').count()).toBeGreaterThan(2),
    );
    await picture(webUi.page, 'web-ui', gold);
    await webUi.close();

    expect(await first.stop()).toContain('Stopped.');
    demo = await startDemo(home, gold);
    // Events from while it was stopped are there too: every minute equals the oracle.
    const until = Math.floor(Date.now() / MINUTE) * MINUTE;
    const { gold: rows, simulated } = demo;
    await untilHolds(
      async () => {
        const [from, to] = [until - 170 * MINUTE, until - MINUTE].map(ms => new Date(ms).toISOString());
        expect(await goldSums(rows, from ?? '', to ?? '')).toEqual(
          await oracleSums(simulated, from ?? '', to ?? ''),
        );
      },
      { everyMs: 1_000 },
    );
    expect(await demo.stop()).toContain('Stopped.');
  }, 300_000);

  test.each(['worker', 'api'] as const)(
    'starts the %s again after kill -9; the rest stays up',
    async name => {
      demo = await startDemo(home, gold);
      const { process: parent, dashboard, webUi } = demo;
      const victim = await untilHolds(() => childNamed(parent.pid, name));
      const others = (await childrenOf(parent.pid)).filter(({ pid }) => pid !== victim);
      process.kill(victim, 'SIGKILL');
      await untilHolds(async () => expect(await childNamed(parent.pid, name)).not.toBe(victim));
      await untilHolds(async () => {
        expect((await fetch(`${webUi}/namespaces/default/workflows`)).ok).toBe(true);
        const answer = await fetch(`${dashboard}/api/v1/pipeline`);
        expect(await answer.json()).toMatchObject({ ingest: { status: 'running', isAnswering: true } });
      });
      expect(others.filter(other => !isRunning(other))).toEqual([]);
      expect(demo.output()).toContain(`${name} ended unexpectedly (signal SIGKILL)`);
      await untilHolds(() => expect(demo?.output()).toContain(`${name} runs again.`));
      expect(await demo.stop()).toContain('Stopped.');
    },
  );

  test('leaves no process behind after kill -9', async () => {
    demo = await startDemo(home, gold);
    // Temporal, S3, the simulated Wikimedia, the API, the worker, the reaper that ends the others, and maybe Postgres.
    const children = await childrenOf(demo.process.pid);
    expect(children).toHaveLength(gold === 's3' ? 6 : 7);
    demo.process.kill('SIGKILL');
    await untilHolds(() => expect(children.filter(isRunning)).toEqual([]));
  });
});

interface Demo {
  readonly process: ChildProcess;
  readonly dashboard: string;
  readonly webUi: string;
  readonly simulated: string;
  /** Its `stack.env`. */
  readonly env: Readonly<Record<string, string>>;
  /** Where gold is. */
  readonly gold: { readonly dsn: string } | { readonly store: S3ObjectStore };
  /** Everything that it has printed. */
  output(): string;
  /** Presses Ctrl-C; resolves with the last lines of output, rejects unless the exit code is 0. */
  stop(): Promise<string>;
}

/** Starts it like `npm run demo`, on free ports, and waits until it says that everything is up. */
async function startDemo(home: string, gold: 'postgres' | 's3'): Promise<Demo> {
  const ports = [
    'PORT',
    'SIMULATE_PORT',
    ...['TEMPORAL', 'TEMPORAL_UI', 'POSTGRES', 'S3'].map(name => `STACK_${name}_PORT`),
  ];
  const env = { ...process.env, ...Object.fromEntries(ports.map(port => [port, '0'])), WIKIGAUGE_HOME: home };
  const child = spawn(process.execPath, ['bin/wikigauge.mjs', 'demo', '--gold', gold], { cwd: ROOT, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const addressAfter = (label: string): string =>
    new RegExp(`^${label}\\s+(http\\S+)`, 'm').exec(output)?.[1] ?? '';
  await untilHolds(() => {
    if (child.exitCode !== null) throw new Error(`demo ended:\n${output}`);
    expect(output).toContain('Press Ctrl-C to stop everything');
  });
  const stack = parseEnv(await readFile(join(home, 'demo', 'stack.env'), 'utf8'));
  const { PG_DSN, AWS_ENDPOINT_URL, BUCKET = '' } = stack;
  // The SDK reads its keys from the environment of the process.
  for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) process.env[key] = stack[key] ?? '';
  return {
    process: child,
    dashboard: addressAfter('Dashboard'),
    webUi: addressAfter('Temporal Web UI'),
    simulated: new URL(addressAfter('SIMULATED stream')).origin,
    env: Object.fromEntries(Object.entries(stack).map(([name, value]) => [name, value ?? ''])),
    gold:
      PG_DSN === undefined
        ? { store: openS3({ bucket: BUCKET, region: 'us-east-1', endpoint: AWS_ENDPOINT_URL }) }
        : { dsn: PG_DSN },
    output: () => output,
    stop: async () => {
      child.kill('SIGINT');
      const code = await exited;
      if (code !== 0) throw new Error(`demo ended with code ${code}:\n${output}`);
      return output.slice(-200);
    },
  };
}

/** The children of the demo. Each has its own session, so a process group would not find them. */
async function childrenOf(pid: number | undefined): Promise<{ pid: number; birth: string | undefined }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child = 0]) => ({ pid: child, birth: birthOf(child) }));
}

/** The id of the child that runs this command of wikigauge. @throws when there is none */
async function childNamed(parent: number | undefined, name: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const line = stdout
    .split('\n')
    .map(text => text.trim().split(/\s+/))
    .find(([, ppid, ...args]) => Number(ppid) === parent && args.at(-1) === name);
  if (line === undefined) throw new Error(`no ${name} runs`);
  return Number(line[0]);
}

/** The last minute before the first hole, epoch ms: how far the three hours have been read. */
async function lastMinuteOf({ dashboard }: Demo, wiki: string): Promise<number> {
  const answer = await fetch(`${dashboard}/edits?wiki=${wiki}&minutes=180`);
  const minutes = ((await answer.json()) as { ts: string }[]).map(({ ts }) => Date.parse(ts));
  return minutes.find((minute, at) => minutes[at + 1] !== minute + MINUTE) ?? 0;
}

/** The pixels of the chart, as text. */
function pixelsOf(page: Page): Promise<string> {
  return page
    .locator('canvas')
    .first()
    .evaluate(canvas => (canvas as unknown as { toDataURL(): string }).toDataURL());
}

/** Edits by minute. */
type Sums = Record<string, number>;

async function goldSums(gold: Demo['gold'], from: string, to: string): Promise<Sums> {
  if ('store' in gold) {
    const sums: Sums = {};
    for (const row of await rowsInS3(gold, from, to)) {
      const [minute = '', , , edits] = row.split(' ');
      const name = new Date(minute).toISOString();
      sums[name] = (sums[name] ?? 0) + Number(edits);
    }
    return sums;
  }
  const { dsn } = gold;
  const client = new Client({ connectionString: dsn });
  await client.connect();
  const { rows } = await client.query<{ minute: Date; edits: string }>(
    `select ts_minute as minute, sum(edits) as edits from gold.edits_per_min
     where ts_minute >= $1 and ts_minute < $2 group by 1`,
    [from, to],
  );
  await client.end();
  return Object.fromEntries(rows.map(({ minute, edits }) => [minute.toISOString(), Number(edits)]));
}

async function oracleSums(simulated: string, from: string, to: string): Promise<Sums> {
  const answer = await fetch(`${simulated}/oracle?from=${from}&to=${to}`);
  const sums: Sums = {};
  for (const { ts_minute, edits } of (await answer.json()) as { ts_minute: string; edits: number }[]) {
    const minute = new Date(ts_minute).toISOString();
    sums[minute] = (sums[minute] ?? 0) + edits;
  }
  return sums;
}

/** Takes a picture. With KEEP_PICTURES, those of the default mode go to the README's folder. */
async function picture(page: Page, name: string, gold: 'postgres' | 's3'): Promise<void> {
  const isKept = process.env['KEEP_PICTURES'] !== undefined && gold === 'postgres';
  const folder = isKept ? join(ROOT, 'docs', 'images') : inject('folder');
  await mkdir(folder, { recursive: true });
  const image = await page.screenshot({ path: join(folder, `${name}.png`) });
  // An empty page makes a tiny file.
  expect(image.length).toBeGreaterThan(20_000);
}
