/** A clock that runs only while we wait for the other side: it is not silent while we are busy or not connected. */
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
