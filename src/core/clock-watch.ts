/**
 * Tells when the machine's clock was set. Nothing is lost by that: event time comes with the events and ages are
 * measured by a clock that is never set. But whoever reads our logs should know.
 */
const TOLERANCE_MS = 5_000;

export class ClockWatch {
  #differenceMs: number | undefined;

  /** By how much the wall clock was set since the last look, ms; undefined when it was not. */
  look(nowMs: number, uptimeMs: number): number | undefined {
    const difference = nowMs - uptimeMs;
    const jumped = difference - (this.#differenceMs ?? difference);
    this.#differenceMs = difference;
    return Math.abs(jumped) > TOLERANCE_MS ? Math.round(jumped) : undefined;
  }
}
