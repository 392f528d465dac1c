import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  birthOf,
  commandLineOf,
  isRunning,
  parentOf,
  signalProcess,
} from '../../src/commands/process-id.mjs';

describe('process ids', () => {
  it('recognises a running process by pid and start time', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const birth = birthOf(pid);
    expect(birth).toBeDefined();
    expect(birth).toBe(birthOf(pid));
    expect(isRunning({ pid, birth })).toBe(true);
    expect(isRunning({ pid, birth: `${birth} not` })).toBe(false);
    expect(commandLineOf(pid)).toBe('sleep 60');
    expect(parentOf(pid)).toBe(process.pid);
    signalProcess(pid, 'SIGKILL');
    await once(child, 'exit');
    expect(isRunning({ pid, birth })).toBe(false);
    expect(commandLineOf(pid)).toBe('');
    expect(() => signalProcess(pid, 'SIGKILL')).not.toThrow();
  });
});
