/**
 * Retries an idempotent call until it succeeds, fails with an error that is not retryable, or the signal aborts. There
 * is no limit on the number of tries: while the store is down, the pipeline waits rather than drop data.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../core/backoff.ts';
import { PipelineError } from '../contracts/errors.ts';

export interface Persistence {
  readonly signal: AbortSignal;
  /** Called before each pause, with the failure, the length of the pause, and what identifies the call. */
  readonly onRetry?: (error: PipelineError, pauseMs: number, call: object) => void;
  /** Called once when a call that was retried ends, whatever its outcome. */
  readonly onEnd?: (call: object) => void;
}

const BACKOFF = { baseMs: 200, maxMs: 10_000 };

/** @throws the last error, when it is not retryable or the signal aborts */
export async function persistently<T>(
  call: () => Promise<T>,
  { signal, onRetry, onEnd }: Persistence,
): Promise<T> {
  let attempt = 1;
  try {
    for (; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof PipelineError && error.retryable) || signal.aborted) throw error;
        const pauseMs = backoffMs(BACKOFF, attempt, Math.random());
        onRetry?.(error, pauseMs, call);
        await sleep(pauseMs, undefined, { signal }).catch(() => {
          throw error;
        });
      }
    }
  } finally {
    if (attempt > 1) onEnd?.(call);
  }
}
