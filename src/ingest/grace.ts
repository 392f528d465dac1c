/** Time for the last flush: S3 and Temporal remain usable for a while after the run is asked to stop. */
import { setMaxListeners } from 'node:events';

/** Less than the worker's forced shutdown, which would cut the last flush off. */
const GRACE_MS = 15_000;

/** Aborts `GRACE_MS` after `stopSignal`. */
export function graceAfter(stopSignal: AbortSignal, graceMs: number = GRACE_MS): AbortSignal {
  const graceOver = new AbortController();
  // Every call that is retried listens while it pauses, and many may run at once.
  setMaxListeners(0, graceOver.signal);
  const begin = (): void => void setTimeout(() => graceOver.abort(), graceMs).unref();
  if (stopSignal.aborted) begin();
  else stopSignal.addEventListener('abort', begin, { once: true });
  return graceOver.signal;
}
