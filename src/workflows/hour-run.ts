/**
 * ⑤⑥ Performs what `hour-state.ts` decides: calls activities, keeps the idle timer, and reports outcomes as events.
 * Applying a part is idempotent per key, so a part that is lost with a run can simply be applied again.
 */
import {
  CancellationScope,
  condition,
  isCancellation,
  patched,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { isForeignKey } from '../contracts/storage/object-keys.ts';
import type { Recount } from '../contracts/temporal/transform.ts';
import type { Hour } from '../core/time.ts';
import { reasonOf } from './failures.ts';
import { next } from './hour-state.ts';
import type { HourEffect, HourEvent, HourState, Transition } from './hour-state.ts';
import { applying, rebuilding } from './policies.ts';
import { background, handled } from './promises.ts';

/** An hour that is never sealed, because its ingest was stopped, ends by itself; a late part starts it again. */
const IDLE = '2 hours';
/**
 * Started by hand with parts, as "start workflow like this one" does: no seal will come, so it need not wait long. A
 * rebuild counts what its input lacks.
 */
const IDLE_BY_HAND = '1 minute';

/** Remove this patch when no hour from before December 2026 has to be replayed. */
const END_BY_HAND = 'hours-started-by-hand-end-soon';

type Ending = Extract<HourEffect, { kind: 'complete' | 'fail' | 'continueAsNew' }>;

export class HourRun {
  readonly #hour: Hour;
  readonly #onChange: (state: HourState) => void;
  #state: HourState;
  #ending: Ending | { readonly kind: 'error'; readonly error: unknown } | undefined;
  #idleTimer: CancellationScope | undefined;
  /** Resolves once the command that stops the idle timer is sent. */
  #timerStopped: Promise<void> | undefined;

  constructor(hour: Hour, state: HourState, onChange: (state: HourState) => void) {
    this.#hour = hour;
    this.#state = state;
    this.#onChange = onChange;
  }

  get state(): HourState {
    return this.#state;
  }

  send(event: HourEvent): void {
    const { state, effects } = this.#next(event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    this.#onChange(state);
  }

  /**
   * How the run ends. A cancelled run ends through the timer or the activity that it waits for, so that a rebuild can
   * finish its own cancellation.
   * @throws what an activity failed with for good, or the cancellation of the run
   */
  async untilEnded(): Promise<Ending> {
    const isUnsettled = (): boolean => this.#next({ kind: 'settled' }).effects.length > 0;
    while (this.#ending === undefined) {
      await CancellationScope.nonCancellable(() =>
        condition(() => this.#ending !== undefined || isUnsettled()),
      );
      if (this.#ending === undefined) this.send({ kind: 'settled' });
    }
    if (this.#ending.kind === 'error') throw this.#ending.error;
    return this.#ending;
  }

  #next(event: HourEvent): Transition {
    return next(this.#state, event, { isHistoryLong: workflowInfo().continueAsNewSuggested });
  }

  #perform(effect: HourEffect): void {
    switch (effect.kind) {
      case 'applyPart':
        return this.#report(this.#apply(effect.key));
      case 'rebuildHour':
        return this.#report(this.#rebuild(effect.isSealed));
      case 'startIdleTimer':
        return this.#startIdleTimer();
      case 'stopIdleTimer':
        return this.#stopIdleTimer();
      case 'complete':
      case 'fail':
      case 'continueAsNew':
        this.#ending ??= effect;
        return;
      default:
        effect satisfies never;
    }
  }

  #report(outcome: Promise<HourEvent>): void {
    background(outcome.then(event => this.send(event)).catch((error: unknown) => this.#endWith(error)));
  }

  #endWith(error: unknown): void {
    this.#ending ??= { kind: 'error', error };
  }

  /** A part that fails for good does not stop the others, so its failure is an event too. */
  async #apply(key: string): Promise<HourEvent> {
    try {
      const summary = key.slice(key.lastIndexOf('/') + 1);
      const part = await applying().transformPart.executeWithOptions({ summary }, [{ key }]);
      return { kind: 'partApplied', key, part };
    } catch (error) {
      if (isCancellation(error)) throw error;
      return { kind: 'partFailed', key, reason: reasonOf(error) };
    }
  }

  async #rebuild(isSealed: boolean): Promise<HourEvent> {
    // In recorded histories the timer is cancelled before the rebuild begins.
    if (this.#timerStopped !== undefined) await this.#timerStopped;
    this.#timerStopped = undefined;
    return {
      kind: 'rebuilt',
      audit: await rebuilding().rebuildHour({ hour: this.#hour, isSealed, ...this.#recount() }),
    };
  }

  /** Lines of an older project count only where a person asks for it: by starting the hour, or by naming such a part. */
  #recount(): { readonly recount?: Recount } {
    const { isByHand, known } = this.#state.facts;
    const isAsked = workflowInfo().parent === undefined && (isByHand || [...known].some(isForeignKey));
    return isAsked ? { recount: 'indexFirst' } : {};
  }

  #startIdleTimer(): void {
    const timer = new CancellationScope();
    this.#idleTimer = timer;
    this.#timerStopped = handled(
      timer
        .run(() => sleep(idleTime()))
        .then(() => this.send({ kind: 'idleElapsed' }))
        .catch((error: unknown) => {
          // Otherwise the machine has stopped it.
          if (this.#idleTimer === timer) this.#endWith(error);
        }),
    );
  }

  #stopIdleTimer(): void {
    const timer = this.#idleTimer;
    this.#idleTimer = undefined;
    timer?.cancel();
  }
}

function idleTime(): typeof IDLE | typeof IDLE_BY_HAND {
  return workflowInfo().parent === undefined && patched(END_BY_HAND) ? IDLE_BY_HAND : IDLE;
}
