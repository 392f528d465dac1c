import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startChild, type ChildSettings } from '../../../dev/stack/child.ts';
import { birthOf, isRunning } from '../../../src/commands/process-id.mjs';
import { temporaryFolder } from '../../support/temporary.ts';

/** A child that runs a JavaScript snippet. */
function running(script: string, more: Partial<ChildSettings> = {}): ChildSettings {
  return {
    name: 'program',
    command: process.execPath,
    args: ['-e', script],
    env: { PATH: process.env['PATH'] },
    logFile: join(temporaryFolder(), 'logs', 'program.log'),
    ready: /^ready$/,
    ...more,
  };
}

const FOREVER = 'setInterval(() => {}, 1000);';

describe('startChild', () => {
  it('waits for the ready line, then stops on SIGTERM', async () => {
    const settings = running(`setTimeout(() => console.log('not ready\\nready'), 100); ${FOREVER}`);
    const child = await startChild(settings);
    expect(readFileSync(settings.logFile, 'utf8')).toBe('not ready\nready\n');
    expect(await child.stop()).toMatchObject({ name: 'program', code: null, signal: 'SIGTERM', asked: true });
    expect(await child.stop()).toBe(await child.exited);
  });

  it('waits for a probe, and reports what was missing at the timeout', async () => {
    let asked = 0;
    const ready = async (): Promise<void> => {
      if ((asked += 1) < 3) throw new Error('no response yet');
    };
    const child = await startChild(running(FOREVER, { ready }));
    expect(asked).toBe(3);
    await child.stop();

    const settings = running(FOREVER, {
      ready: () => Promise.reject(new Error('port closed')),
      readyTimeoutMs: 300,
    });
    let pid = 0;
    const starting = startChild({ ...settings, onSpawn: id => (pid = id) });
    await expect(starting).rejects.toThrow('program was not ready within 0.3 s: port closed.');
    expect(birthOf(pid)).toBeUndefined();
  });

  it('reports the end of the log when the child ends early', async () => {
    const settings = running("console.error('cannot open database'); process.exit(3)");
    await expect(startChild(settings)).rejects.toThrow(
      `program ended before it was ready (exit code 3). The end of its log, ${settings.logFile}:\n    cannot open database`,
    );
  });

  it('reports a command that cannot be run', async () => {
    await expect(startChild(running('', { command: '/no/such/program' }))).rejects.toThrow(
      'program: cannot run /no/such/program',
    );
  });

  it('stops the child on abort', async () => {
    let pid = 0;
    const starting = startChild(
      running(FOREVER, { signal: AbortSignal.timeout(200), onSpawn: id => (pid = id) }),
    );
    await expect(starting).rejects.toThrow('timeout');
    expect(birthOf(pid)).toBeUndefined();
  });

  it('distinguishes a crash from a stop', async () => {
    const child = await startChild(
      running("console.log('ready'); setTimeout(() => { throw new Error('bang') }, 50)"),
    );
    const exit = await child.exited;
    expect(exit).toMatchObject({ code: 1, signal: null, asked: false });
    expect(exit.lastLog).toContain('bang');
  });

  it('kills a child that does not stop, and its children', async () => {
    const script = `
      process.on('SIGTERM', () => {});
      const { pid } = require('child_process').spawn('sleep', ['60'], { stdio: 'ignore' });
      console.log('grandchild ' + pid); console.log('ready'); ${FOREVER}`;
    const lines: string[] = [];
    const child = await startChild(running(script, { stopTimeoutMs: 200, onLine: line => lines.push(line) }));
    const grandchild = Number(lines[0]?.split(' ')[1]);
    expect(isRunning({ pid: grandchild })).toBe(true);
    expect(await child.stop()).toMatchObject({ signal: 'SIGKILL', asked: true });
    await expect.poll(() => isRunning({ pid: grandchild })).toBe(false);
  });

  it('delivers every line, split or long, up to the last', async () => {
    const script = `
      process.stdout.write('ready\\nhal'); setTimeout(() => process.stdout.write('ved €\\n' + 'x'.repeat(200000) + '\\nlast\\n'), 150)`;
    const lines: string[] = [];
    const child = await startChild(running(script, { onLine: line => lines.push(line) }));
    await child.exited;
    expect(lines.map(line => line.length)).toEqual([5, 8, 200_000, 4]);
    expect(lines[1]).toBe('halved €');
  });

  it('runs in its own session, with only the given environment', async () => {
    const script = "console.log(JSON.stringify(Object.keys(process.env))); console.log('ready');" + FOREVER;
    const lines: string[] = [];
    const child = await startChild(
      running(script, { env: { ONLY: '1', NOT: undefined }, onLine: line => lines.push(line) }),
    );
    expect(lines[0]).toBe('["ONLY"]');
    // It leads its own process group, so a terminal's Ctrl-C does not reach it.
    expect(() => process.kill(-child.pid, 0)).not.toThrow();
    await child.kill();
    expect(existsSync(child.logFile)).toBe(true);
  });
});
