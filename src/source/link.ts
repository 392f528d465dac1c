/** One connection to a source as far as it can be cut: by the caller's signal, by a timeout, or at its end. */
import type { PipelineError } from '../contracts/errors.ts';

export class Link {
  readonly #abort = new AbortController();
  #failure: PipelineError | undefined;

  /** @param caller stops the connection when it aborts */
  constructor(caller: AbortSignal) {
    const stop = (): void => this.#abort.abort(caller.reason);
    if (caller.aborted) {
      stop();
      return;
    }
    caller.addEventListener('abort', stop, { once: true });
    // A caller outlives its connections, and must not collect a listener of each.
    this.signal.addEventListener('abort', () => caller.removeEventListener('abort', stop), { once: true });
  }

  /** For `fetch`; aborts when the connection is cut. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why the connection failed; undefined when it ended, or when the caller stopped it. */
  get failure(): PipelineError | undefined {
    return this.#failure;
  }

  /** Cuts the connection because it failed. The first cause counts. */
  fail(failure: PipelineError): void {
    if (!this.#abort.signal.aborted) this.#failure = failure;
    this.#abort.abort(failure);
  }

  /** Fails unless the answer comes in time. */
  async within<T>(ms: number, answer: Promise<T>, tooLate: () => PipelineError): Promise<T> {
    const timer = setTimeout(() => this.fail(tooLate()), ms);
    return answer.finally(() => clearTimeout(timer));
  }

  /** Cuts what is still open. */
  end(): void {
    this.#abort.abort();
  }
}
