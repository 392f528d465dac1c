import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onStopSignals } from '../../src/commands/stop-signals.ts';

describe('onStopSignals', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes a signal that arrives twice at once for one, and a later one for hurry', () => {
    const [stop, hurry] = [vi.fn<(why: string) => void>(), vi.fn<() => void>()];
    const ignore = onStopSignals({ stop, hurry }, {});
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
    expect(process.listeners('SIGINT')).not.toContain(stop);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not take the end of a shell for a wish to stop, unless npm started us', () => {
    const stop = vi.fn<(why: string) => void>();
    const ignore = onStopSignals({ stop, hurry: () => {} }, {});
    vi.advanceTimersByTime(10_000);
    ignore();
    expect(stop).not.toHaveBeenCalled();
  });
});
