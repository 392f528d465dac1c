/**
 * Retries an idempotent call until it succeeds, fails with an error that is not retryable, or the signal aborts. A
 * caller that buffers data waits without end while the store is down or refuses it; others give up after some minutes, so
 * that the failure shows.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../core/backoff.ts';
import { PipelineError } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';

export interface Persistence {
  readonly signal: AbortSignal;
  /** Failures for this long end the retries; without it there is no end. */
  readonly giveUpMs?: number;
  /** Also waits for what only a person can repair: keys that are refused, or a bucket that is gone. */
  readonly waitsForRepair?: boolean;
  /** Called before each pause, with the failure, the length of the pause, what identifies the call, and how long it took. */
  readonly onRetry?: (error: PipelineError, pauseMs: number, call: object, tookMs: number) => void;
  /** Called once when a call that was retried ends, whatever its outcome. */
  readonly onEnd?: (call: object) => void;
}

/** For activities that buffer nothing: Temporal shows their failure with the attempt, and tries again. */
export const SHOW_AFTER_MS = 300_000;
const BACKOFF = { baseMs: 200, maxMs: 10_000 };

const REPAIRABLE: ReadonlySet<ErrorCode> = new Set([
  'storage_denied',
  'storage_refused',
  'bucket_unavailable',
  'not_s3',
  'conditional_write_unsupported',
]);
const REPAIR_BACKOFF = { baseMs: 5_000, maxMs: 60_000 };

/** @throws the last error, when it is not retryable, the signal aborts, or it is time to give up */
export async function persistently<T>(
  call: () => Promise<T>,
  { signal, giveUpMs = Infinity, waitsForRepair = false, onRetry, onEnd }: Persistence,
): Promise<T> {
  const startedMs = performance.now();
  let attempt = 1;
  try {
    for (; ; attempt += 1) {
      const triedMs = performance.now();
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof PipelineError) || signal.aborted) throw error;
        const isRepairable = waitsForRepair && REPAIRABLE.has(error.code);
        if (!error.retryable && !isRepairable) throw error;
        const backoff = error.retryable ? BACKOFF : REPAIR_BACKOFF;
        const pauseMs = backoffMs(backoff, attempt, Math.random());
        if (performance.now() + pauseMs - startedMs > giveUpMs) throw error;
        onRetry?.(error, pauseMs, call, performance.now() - triedMs);
        // While the store is down, every call that runs at once waits with the same signal.
        setMaxListeners(0, signal);
        await sleep(pauseMs, undefined, { signal }).catch(() => {
          throw error;
        });
      }
    }
  } finally {
    if (attempt > 1) onEnd?.(call);
  }
}
