/** How long to wait after each failure of a source, and when to give up. Pure: time and randomness are arguments. */
import type { PipelineError } from '../contracts/errors.ts';
import { backoffMs } from '../core/backoff.ts';
import { RetryLater } from './source-failure.ts';

/** When failures in a row have lasted too long. */
export interface GiveUp {
  readonly afterMs: number;
  /** Whether a pause that would end after `afterMs` is not even begun. */
  readonly countsPause: boolean;
}

export type AfterFailure = { readonly kind: 'wait'; readonly pauseMs: number } | { readonly kind: 'give_up' };

const BACKOFF = { baseMs: 500, maxMs: 60_000 };
/** After a refusal: a server that blocks a client must not be asked again and again. */
const BACKOFF_REFUSED = { baseMs: 5_000, maxMs: 60_000 };

export class RetryPauses {
  readonly #giveUp: GiveUp;
  #failures = 0;
  #failingSinceMs = 0;

  constructor(giveUp: GiveUp) {
    this.#giveUp = giveUp;
  }

  /** Something was delivered: the next failure is the first one again. */
  reset(): void {
    this.#failures = 0;
  }

  /**
   * What to do after a failure: the pause grows with each one in a row, and is never shorter than the server asked for.
   * @param nowMs a clock that is never set, ms @param random in [0, 1)
   */
  next(failure: PipelineError, nowMs: number, random: number): AfterFailure {
    if (this.#failures === 0) this.#failingSinceMs = nowMs;
    this.#failures += 1;
    const askedMs = failure instanceof RetryLater ? failure.afterMs : 0;
    const backoff = failure.code === 'source_refused' ? BACKOFF_REFUSED : BACKOFF;
    const pauseMs = Math.max(askedMs, backoffMs(backoff, this.#failures, random));
    const { afterMs, countsPause } = this.#giveUp;
    const lastedMs = nowMs - this.#failingSinceMs + (countsPause ? pauseMs : 0);
    return lastedMs > afterMs ? { kind: 'give_up' } : { kind: 'wait', pauseMs };
  }
}
