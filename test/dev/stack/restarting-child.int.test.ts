import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildSettings } from '../../../dev/stack/child.ts';
import { startRestartingChild } from '../../../dev/stack/restarting-child.ts';
import type { RestartingChild } from '../../../dev/stack/restarting-child.ts';
import { isRunning } from '../../../src/commands/process-id.mjs';
import { temporaryFolder } from '../../support/temporary.ts';
import { untilHolds } from '../../support/until.ts';

let printed: string[];
let child: RestartingChild | undefined;
let signal: AbortController;
beforeEach(() => {
  printed = [];
  signal = new AbortController();
});
afterEach(() => child?.stop());

async function start(script: string, pauses = { baseMs: 50, maxMs: 200 }): Promise<RestartingChild> {
  const settings: ChildSettings = {
    name: 'worker',
    command: process.execPath,
    args: ['-e', script],
    env: { PATH: process.env['PATH'] },
    logFile: join(temporaryFolder(), 'logs', 'worker.log'),
    ready: /^ready$/,
  };
  const print = (line: string) => void printed.push(line);
  child = await startRestartingChild(settings, { print, signal: signal.signal, pauses });
  return child;
}

const FOREVER = "console.log('ready'); setInterval(() => {}, 1000);";
const runningAgain = (): number => printed.filter(line => line === 'worker runs again.').length;

describe('a restarting child', () => {
  it('runs again after kill -9, as often as that happens, and says so', async () => {
    const worker = await start(FOREVER);
    for (let kills = 1; kills <= 3; kills += 1) {
      const { pid } = worker;
      process.kill(pid, 'SIGKILL');
      await untilHolds(() => expect(runningAgain()).toBe(kills));
      expect(worker.pid).not.toBe(pid);
      expect(isRunning({ pid: worker.pid })).toBe(true);
    }
    expect(printed[0]).toMatch(
      /^worker ended unexpectedly \(signal SIGKILL\)\. The end of its log, .*worker\.log:/,
    );
    expect(printed[0]).toContain('everything else stays up');
  });

  it('is tried again when a restart fails', async () => {
    const broken = join(temporaryFolder(), 'broken');
    const script = `if (require('fs').existsSync(${JSON.stringify(broken)})) { console.error('still broken'); process.exit(3); } ${FOREVER}`;
    const worker = await start(script);
    writeFileSync(broken, '');
    process.kill(worker.pid, 'SIGKILL');
    await untilHolds(() =>
      expect(printed.filter(line => line.includes('still broken')).length).toBeGreaterThan(1),
    );
    rmSync(broken);
    await untilHolds(() => expect(runningAgain()).toBe(1));
  });

  it('stays stopped once it is asked to stop, also during a pause', async () => {
    const worker = await start(FOREVER, { baseMs: 60_000, maxMs: 60_000 });
    const { pid } = worker;
    process.kill(pid, 'SIGKILL');
    await untilHolds(() => expect(printed).toHaveLength(1));
    await worker.stop();
    expect(worker.pid).toBe(pid);
    expect(isRunning({ pid })).toBe(false);
  });

  it('is not restarted when everything stops', async () => {
    const worker = await start(FOREVER);
    signal.abort();
    process.kill(worker.pid, 'SIGKILL');
    await worker.stop();
    expect(printed).toEqual([]);
  });

  it('fails when it has never run', async () => {
    await expect(start('process.exit(3)')).rejects.toThrow('worker ended before it was ready (exit code 3)');
  });
});
