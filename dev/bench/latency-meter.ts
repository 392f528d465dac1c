/**
 * How long each edit takes from the stream to a viewer. A viewer sees sums of a minute, so the k-th edit of a minute is
 * shown once the sum is k. Pure: times come in.
 */
export class LatencyMeter {
  /** Of each minute, when its edits were sent; undefined for those that are not measured. */
  readonly #sent = new Map<string, (number | undefined)[]>();
  readonly #shown = new Map<string, number>();
  readonly latenciesMs: number[] = [];

  /** @param atMs undefined: it was sent before the measurement began */
  sent(minute: string, atMs: number | undefined): void {
    const times = this.#sent.get(minute) ?? [];
    this.#sent.set(minute, times);
    times.push(atMs);
  }

  /** A viewer has seen the sum of a minute. */
  shown(minute: string, sum: number, atMs: number): void {
    const before = this.#shown.get(minute) ?? 0;
    if (sum <= before) return;
    this.#shown.set(minute, sum);
    for (const sentMs of (this.#sent.get(minute) ?? []).slice(before, sum))
      if (sentMs !== undefined) this.latenciesMs.push(atMs - sentMs);
  }
}
