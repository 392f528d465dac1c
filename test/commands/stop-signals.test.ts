import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onStopSignals } from '../../src/commands/stop-signals.ts';

describe('onStopSignals', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ignores an immediate repetition of the first signal, and hurries on a later one', () => {
    const [stop, hurry] = [vi.fn<(why: string) => void>(), vi.fn<() => void>()];
    const listeners = process.listenerCount('SIGINT');
    const ignore = onStopSignals({ stop, hurry }, {});
    expect(process.listenerCount('SIGINT')).toBe(listeners + 1);
    process.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(20);
    process.emit('SIGINT', 'SIGINT');
    expect(stop.mock.calls).toEqual([['SIGINT']]);
    expect(hurry).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    process.emit('SIGTERM', 'SIGTERM');
    expect(stop).toHaveBeenCalledOnce();
    expect(hurry).toHaveBeenCalledOnce();
    ignore();
    expect(process.listenerCount('SIGINT')).toBe(listeners);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ignores the end of its parent unless npm started it', () => {
    const stop = vi.fn<(why: string) => void>();
    const ignore = onStopSignals({ stop, hurry: () => {} }, {});
    vi.advanceTimersByTime(10_000);
    ignore();
    expect(stop).not.toHaveBeenCalled();
  });
});
