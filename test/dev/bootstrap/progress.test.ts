import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress, duration } from '../../../dev/bootstrap/progress.mjs';

describe('duration', () => {
  it.each([
    [0, '0.0 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_400, '59 s'],
    [60_000, '1 min 0 s'],
    [199_600, '3 min 20 s'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
});

describe('createProgress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('prints a line every 20 s when the stream is not a terminal', async () => {
    const lines: string[] = [];
    const progress = createProgress({ write: text => lines.push(text) });
    const done = progress.track('temporal', 'building, about a minute', async update => {
      update('17 packages compiled');
      await new Promise(resolve => setTimeout(resolve, 45_000));
      return 'path';
    });
    await vi.advanceTimersByTimeAsync(45_000);
    expect(await done).toBe('path');
    expect(lines).toEqual([
      'temporal: building, about a minute\n',
      'temporal: 20 s so far, 17 packages compiled\n',
      'temporal: 40 s so far, 17 packages compiled\n',
      'temporal: done in 45 s\n',
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('redraws one line on a terminal', async () => {
    let screen = '';
    const progress = createProgress({ write: text => (screen += text), isTTY: true, columns: 40 });
    const work = async (): Promise<unknown> => new Promise(resolve => setTimeout(resolve, 2_000));
    const both = Promise.all([progress.track('a', 'starts', work), progress.track('b', 'starts', work)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(screen.split('\r\x1b[K').at(-1)).toBe('a 1.0 s | b 1.0 s');
    await vi.advanceTimersByTimeAsync(1_000);
    await both;
    expect(screen.endsWith('b: done in 2.0 s\n\r\x1b[K\r\x1b[K')).toBe(true);
  });

  it('prints no closing line for a failed step', async () => {
    const lines: string[] = [];
    const progress = createProgress({ write: text => lines.push(text) });
    await expect(progress.track('x', 'tries', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(lines).toEqual(['x: tries\n']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
