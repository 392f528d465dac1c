/**
 * When to query a run that is being shown: every query is billed, and somebody may leave a backfill on a screen for
 * hours. The length of its history is free, and its state changes only with it.
 */

/** A run that has just started is watched closely. */
const CLOSELY_MS = 60_000;
const CHANGED_MS = 5_000;
/** Also while nothing happens: what is shown may depend on the time. */
const UNCHANGED_MS = 30_000;

export class QueryPace {
  #beganMs: number | undefined;
  #askedMs = -Infinity;
  #askedLength = -1;

  /** Whether to query now; asked once a second. */
  isDue(nowMs: number, historyLength: number): boolean {
    this.#beganMs ??= nowMs;
    const afterMs = historyLength === this.#askedLength ? UNCHANGED_MS : CHANGED_MS;
    if (nowMs - this.#beganMs >= CLOSELY_MS && nowMs - this.#askedMs < afterMs) return false;
    this.#askedMs = nowMs;
    this.#askedLength = historyLength;
    return true;
  }

  /** The query was not answered: the next one does not wait for the run to change. */
  unanswered(): void {
    this.#askedLength = -1;
  }
}
