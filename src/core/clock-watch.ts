/**
 * Detects that the system clock was changed. No data depends on it: event time comes with the events, and ages are
 * measured with a monotonic clock. But log timestamps jump, and anyone who reads them should know why.
 */
const TOLERANCE_MS = 5_000;

export class ClockWatch {
  #differenceMs: number | undefined;

  /** By how many ms the wall clock jumped since the previous call; undefined when it did not. */
  look(nowMs: number, uptimeMs: number): number | undefined {
    const difference = nowMs - uptimeMs;
    const jumped = difference - (this.#differenceMs ?? difference);
    this.#differenceMs = difference;
    return Math.abs(jumped) > TOLERANCE_MS ? Math.round(jumped) : undefined;
  }
}
