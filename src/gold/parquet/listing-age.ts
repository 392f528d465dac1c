/**
 * When a listing is too old. By itself nobody says that gold has changed, so listings serve for seconds only. While a
 * live feed tells of every part that is added, they serve until it does: an open dashboard then costs next to nothing.
 */

/** Who told of changes a moment ago is trusted for this long; the feed says something every second. */
const TRUSTED_MS = 10_000;
/** The feed does not tell of rebuilds, backfills and gaps. */
const TOLD_MAX_AGE_MS = 120_000;

export class ListingAge {
  #toldMs = -Infinity;
  #changedMs = -Infinity;

  /** @param nowMs of a monotonic clock */
  told(hasChanged: boolean, nowMs = performance.now()): void {
    // What happened while nobody told is unknown.
    if (hasChanged || !this.#isTold(nowMs)) this.#changedMs = nowMs;
    this.#toldMs = nowMs;
  }

  /** @param maxAgeMs when nobody tells of changes */
  isYoung(fetchedMs: number, maxAgeMs: number, nowMs = performance.now()): boolean {
    const ageMs = nowMs - fetchedMs;
    if (ageMs < maxAgeMs) return true;
    return this.#isTold(nowMs) && fetchedMs > this.#changedMs && ageMs < TOLD_MAX_AGE_MS;
  }

  #isTold(nowMs: number): boolean {
    return nowMs - this.#toldMs < TRUSTED_MS;
  }
}
