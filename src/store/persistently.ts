/**
 * Repeats an idempotent call until it works, an error says that trying again is of no use, or the signal aborts.
 * Bounded by the signal, not by a count: the pipeline waits for a store that is down, it does not drop data.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../core/backoff.ts';
import { PipelineError } from '../contracts/errors.ts';

export interface Persistence {
  readonly signal: AbortSignal;
  /** Told of each failure that will be repeated, and how long the pause is. */
  readonly onRetry?: (error: PipelineError, pauseMs: number) => void;
}

const BACKOFF = { baseMs: 200, maxMs: 10_000 };

/** @throws the last error when it is not retryable or when the signal aborts. */
export async function persistently<T>(call: () => Promise<T>, { signal, onRetry }: Persistence): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof PipelineError && error.retryable) || signal.aborted) throw error;
      const pauseMs = backoffMs(BACKOFF, attempt, Math.random());
      onRetry?.(error, pauseMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
