/**
 * A ceiling on messages per second: a token bucket that holds one second's worth.
 */

/** Says how many messages may go now. */
export class Pace {
  readonly #perSecond: number;
  #tokens: number;
  #filledMs: number;

  /** @param perSecond > 0; Infinity = no ceiling */
  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = 1;
    this.#filledMs = nowMs;
  }

  /** Messages that may be sent at this instant, an integer >= 0 or Infinity. */
  allowed(nowMs: number): number {
    if (this.#perSecond === Infinity) return Infinity;
    const gained = ((nowMs - this.#filledMs) / 1000) * this.#perSecond;
    // Capacity is at least one message, or a rate below one a second would never let any pass.
    this.#tokens = Math.min(Math.max(1, this.#perSecond), this.#tokens + gained);
    this.#filledMs = nowMs;
    return Math.floor(this.#tokens);
  }

  /** Takes what was sent out of the bucket. */
  spend(messages: number): void {
    if (this.#perSecond !== Infinity) this.#tokens -= messages;
  }

  /** ms until the next message may go. */
  waitMs(): number {
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
  }
}
