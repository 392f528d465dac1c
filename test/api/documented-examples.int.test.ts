/**
 * Every example of docs/api.md, run as it is written against a real API: only the address, the token, and the hour and
 * the backfill that it names are those of the test.
 */
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { freePort } from '../../dev/stack/ports.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { HOUR_MS, hourOf, isoMs } from '../../src/core/time.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { pythonPackage } from '../support/python-packages.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const execute = promisify(execFile);
const TOKEN = 'a-token-of-this-test';
/** The last hour that is over: its start, epoch ms. */
const hourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
const HOUR = hourOf(hourMs / 1000);

let wikimedia: Wikimedia;
let world: World;
let worker: Child;
let api: Child;
let address: string;
let docs: string;

beforeAll(async () => {
  docs = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  wikimedia = await startWikimedia({ port: 0, rate: 2, fromMs: hourMs - 3 * HOUR_MS });
  world = await openWorld();
  worker = await startProcess(world, 'worker', { env: settingsOf(wikimedia) });
  const wikis = ['enwiki', 'dewiki', 'frwiki'];
  const edits = wikis.flatMap(wiki =>
    [1, 2, 30].map(minute => ({ timestamp: hourMs / 1000 + minute * 60, wiki })),
  );
  await commitEdits(world, edits);
  await world.client.workflow.execute('transformRange', {
    taskQueue: TASK_QUEUE,
    workflowId: 'transform',
    args: [{ from: isoMs(hourMs), to: isoMs(hourMs + HOUR_MS) }],
  });
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  api = await startProcess(world, 'api', { env: { PORT: String(port), ADMIN_TOKEN: TOKEN } });
}, 120_000);
afterAll(async () => {
  await api.stop();
  await worker.stop();
  await world.close();
  await wikimedia.close();
});

/** The blocks of a language, with what the test knows better. */
function examples(language: string): string[] {
  return [...docs.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, block = '']) =>
    block
      .replaceAll('http://127.0.0.1:5000', address)
      .replaceAll('2026-11-20T10', HOUR)
      .replace(/^export ADMIN_TOKEN=.*$/m, `export ADMIN_TOKEN='${TOKEN}'`)
      .replace(/^ID=.*$/m, ''),
  );
}

interface Answer {
  readonly command: string;
  readonly status: string;
  readonly body: string;
}

/** Runs the commands in one shell, and says what each request got. What goes on for ever ends after some seconds. */
async function run(commands: readonly string[]): Promise<Answer[]> {
  const wrapper = [
    'curl() {',
    '  local command="curl $*"',
    `  command curl -sS --max-time 20 -w '\\nSTATUS %{http_code}\\n' "$@"`,
    '  printf "COMMAND %s\\nEND\\n" "$(printf "%s" "$command" | tr "\\n" " ")"',
    '  ID=${ID:-}',
    '}',
  ].join('\n');
  const { stdout } = await execute('bash', ['-c', `${wrapper}\n${commands.join('\n')}`], {
    maxBuffer: 64 << 20,
  });
  return stdout
    .split('\nEND\n')
    .filter(text => text.includes('COMMAND '))
    .map(text => {
      const [, body = '', status = '', command = ''] =
        /^([^]*)\nSTATUS (\d+)\nCOMMAND ([^]*)$/.exec(text) ?? [];
      return { body, status, command };
    });
}

test('requests are answered as the page says', async () => {
  // Pipes through tools that need not be here.
  const lines = examples('sh').map(block =>
    block
      .split('\n')
      .filter(line => !/\|/.test(line))
      .join('\n'),
  );
  const control = lines.findIndex(block => block.includes('/pause'));
  const before = await run(lines.slice(0, control));
  const started = before.find(({ command }) => command.includes('"hours":2'));
  const { id } = JSON.parse(started?.body ?? '{}') as { id?: string };
  expect(id).toMatch(/^backfill-/);
  const AUTH = `AUTH="Authorization: Bearer ${TOKEN}"`;
  const after = await run([`A=${address}`, AUTH, `ID=${id}`, ...lines.slice(control)]);
  const answers = [...before, ...after];
  expect(answers.length).toBeGreaterThan(14);
  for (const { command, status, body } of answers) {
    const isWrong = command.includes('"hours":0');
    // A backfill of two hours may be over by the time.
    const isControl = /backfill-.*\/(?:pause|resume|cancel)/.test(command);
    const wanted = isWrong ? /^400$/ : isControl ? /^(?:20[02]|409)$/ : /^20[012]$/;
    expect({ command, body, status }).toMatchObject({ status: expect.stringMatching(wanted) });
  }
  const live = answers.find(({ command }) => command.includes('/live'));
  expect(live?.body).toContain('event: snapshot');
});

test('the picture of a week is drawn in five lines of Python', async () => {
  const [script = '', ...others] = examples('python');
  expect(others).toEqual([]);
  expect(script.trim().split('\n').length).toBeLessThanOrEqual(5);
  const packages = await Promise.all(
    [
      { name: 'pandas', version: '3.1.1' },
      { name: 'matplotlib', version: '3.11.2' },
      { name: 'requests', version: '2.34.2' },
    ].map(pythonPackage),
  );
  const folder = temporaryFolder();
  const env = { ...process.env, PYTHONPATH: packages.join(':'), MPLBACKEND: 'Agg', NO_PROXY: '127.0.0.1' };
  await execute('python3', ['-c', script], { cwd: folder, env });
  expect((await stat(join(folder, 'week.png'))).size).toBeGreaterThan(5_000);
}, 400_000);
