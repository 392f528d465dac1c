/** Waiting between tries: exponential with full jitter, so that many clients do not come back at once. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Pause before try number `attempt` (1 = the first repetition), ms. `random` lies in [0, 1). */
export function backoffMs({ baseMs, maxMs }: Backoff, attempt: number, random: number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  // At least half of the ceiling: a jitter down to nothing would hammer a server that is just coming up.
  return Math.round(ceiling * (0.5 + random / 2));
}
