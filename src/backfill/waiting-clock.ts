/** A clock that runs only while we wait: silence while we are busy, or not connected, is no silence of the other side. */
export class WaitingClock {
  #waitedMs = 0;
  #since: number | undefined;

  /** Time spent waiting so far, ms. */
  now(): number {
    return this.#waitedMs + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }

  run(): void {
    this.#since ??= performance.now();
  }

  stop(): void {
    this.#waitedMs = this.now();
    this.#since = undefined;
  }
}
