/**
 * The live feed of a worker: once a second, what is not in gold yet goes to every API that listens. Nothing is computed
 * while nobody does.
 *
 * This folder, live, is what is shown before it is in gold (docs/live.md). In the worker, `publisher` follows the run of
 * ingest, `parts` holds what gold lacks, and this file hands it out. In the API, `view` adds it to gold. The rule that
 * makes the sum exact: only the reader retires a part, in the moment in which the gold that it has read contains it.
 */
import { FrameChanges } from './frame-changes.ts';
import type { LiveFrame } from '../contracts/live-frame.ts';

const TICK_MS = 1_000;

type Listener = (frame: LiveFrame) => void;

export class LiveFeed {
  readonly #listeners = new Set<Listener>();
  readonly #changes = new FrameChanges();
  #source: (() => LiveFrame) | undefined;
  #ticker: NodeJS.Timeout | undefined;

  /**
   * Calls back with a whole frame, and then with what changes. While this worker does not read the stream, nothing comes.
   * @returns ends it
   */
  subscribe(listener: Listener): () => void {
    const whole = this.#tick();
    this.#listeners.add(listener);
    if (whole !== undefined) listener(whole);
    this.#ticker ??= setInterval(() => void this.#tick(), TICK_MS).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    };
  }

  /** A run begins. @returns ends it */
  begin(source: () => LiveFrame): () => void {
    this.#source = source;
    return () => {
      if (this.#source === source) this.#source = undefined;
    };
  }

  #tick(): LiveFrame | undefined {
    const whole = this.#source?.();
    if (whole === undefined) return undefined;
    const changed = this.#changes.to(whole);
    for (const listener of this.#listeners) listener(changed);
    return whole;
  }
}
