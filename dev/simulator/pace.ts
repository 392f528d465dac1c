/**
 * A limit on messages per second: a token bucket with the capacity of one second.
 */

export class Pace {
  readonly #perSecond: number;
  #tokens: number;
  #filledMs: number;

  /** @param perSecond > 0; Infinity = no limit */
  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = 1;
    this.#filledMs = nowMs;
  }

  /** Messages that may be sent now, an integer >= 0 or Infinity. */
  allowed(nowMs: number): number {
    if (this.#perSecond === Infinity) return Infinity;
    const gained = ((nowMs - this.#filledMs) / 1000) * this.#perSecond;
    // Capacity is at least one message; otherwise rates below one per second would block forever.
    this.#tokens = Math.min(Math.max(1, this.#perSecond), this.#tokens + gained);
    this.#filledMs = nowMs;
    return Math.floor(this.#tokens);
  }

  /** Removes sent messages from the bucket. */
  spend(messages: number): void {
    if (this.#perSecond !== Infinity) this.#tokens -= messages;
  }

  /** ms until the next message may be sent. */
  waitMs(): number {
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
  }
}
