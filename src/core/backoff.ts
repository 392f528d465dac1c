/** Exponential pauses between tries, with jitter so that many clients do not retry in step. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Pause in ms before retry number `attempt`, counted from 1. `random` is in [0, 1). */
export function backoffMs({ baseMs, maxMs }: Backoff, attempt: number, random: number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  // Jitter covers the upper half only: a pause near zero would hammer a server that is just starting.
  return Math.round(ceiling * (0.5 + random / 2));
}
