import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lock, tryLock } from '../../../dev/bootstrap/pid-lock.mjs';
import { birthOf } from '../../../src/commands/process-id.mjs';
import { temporaryFolder } from '../../support/temporary.ts';

describe('tryLock', () => {
  it('takes a free lock, and releases it', () => {
    const path = join(temporaryFolder(), 'a', 'lock');
    const taken = tryLock(path);
    expect(taken.kind).toBe('taken');
    expect(tryLock(path)).toMatchObject({ kind: 'held', by: { pid: process.pid } });
    if (taken.kind === 'taken') taken.release();
    expect(existsSync(path)).toBe(false);
    expect(tryLock(path).kind).toBe('taken');
  });

  it('takes over the lock of a process that has died', () => {
    const path = join(temporaryFolder(), 'lock');
    const { pid } = spawnSync('true');
    writeFileSync(path, JSON.stringify({ pid, birth: 'then', since: '2026-11-20T10:00:00Z' }));
    expect(tryLock(path).kind).toBe('taken');
  });

  it('takes over when the pid now belongs to another process', () => {
    const path = join(temporaryFolder(), 'lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, birth: 'an earlier boot', since: '' }));
    expect(tryLock(path).kind).toBe('taken');
  });

  it('leaves a lock alone while its holder runs', () => {
    const path = join(temporaryFolder(), 'lock');
    const text = JSON.stringify({ pid: 1, birth: birthOf(1), since: '' });
    writeFileSync(path, text);
    expect(tryLock(path)).toMatchObject({ kind: 'held', by: { pid: 1 } });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('respects a lock file that is still empty, and takes it over once it is old', () => {
    const path = join(temporaryFolder(), 'lock');
    writeFileSync(path, '');
    expect(tryLock(path).kind).toBe('held');
    utimesSync(path, 0, 0);
    expect(tryLock(path).kind).toBe('taken');
  });

  it('does not release what another process has taken over', () => {
    const path = join(temporaryFolder(), 'lock');
    const taken = tryLock(path);
    const others = JSON.stringify({ pid: 1, birth: birthOf(1), since: '' });
    writeFileSync(path, others);
    if (taken.kind === 'taken') taken.release();
    expect(readFileSync(path, 'utf8')).toBe(others);
  });
});

describe('lock', () => {
  it('admits one caller at a time', async () => {
    const path = join(temporaryFolder(), 'lock');
    let inside = 0;
    let most = 0;
    const enter = async (): Promise<void> => {
      const release = await lock(path, { pollMs: 1 });
      most = Math.max(most, (inside += 1));
      await new Promise(setImmediate);
      inside -= 1;
      release();
    };
    await Promise.all(Array.from({ length: 20 }, enter));
    expect(most).toBe(1);
  });

  it('reports the holder once, and stops waiting on abort', async () => {
    const path = join(temporaryFolder(), 'lock');
    tryLock(path);
    const reported: number[] = [];
    const signal = AbortSignal.timeout(50);
    const waiting = lock(path, { pollMs: 1, signal, onWait: by => reported.push(by.pid) });
    await expect(waiting).rejects.toThrow('aborted');
    expect(reported).toEqual([process.pid]);
  });
});
