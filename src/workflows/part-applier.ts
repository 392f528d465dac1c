/**
 * ⑤ Applies parts to gold, a few at a time, each key once per run. Applying is idempotent per key, so nothing here
 * needs to be exact: what is lost with a run is applied again.
 */
import { condition, isCancellation } from '@temporalio/workflow';
import { ActivityFailure } from '@temporalio/common';
import { applying } from './policies.ts';

export interface ApplyTotals {
  readonly parts: number;
  /** Parts among them that had been applied before. */
  readonly repeated: number;
  readonly events: number;
  /** Edits that were added; those of repeated parts are not. */
  readonly edits: number;
  /** Lines that were no usable event. */
  readonly unusable: number;
  readonly failed: readonly { readonly key: string; readonly reason: string }[];
}

export const NO_TOTALS: ApplyTotals = { parts: 0, repeated: 0, events: 0, edits: 0, unusable: 0, failed: [] };

const PARALLEL_PARTS = 4;

export class PartApplier {
  readonly #onChange: () => void;
  readonly #pending: string[] = [];
  readonly #taken = new Set<string>();
  readonly #lanes: Promise<unknown>;
  #totals: ApplyTotals;
  #active = 0;
  #isStopping = false;

  constructor(totals: ApplyTotals, onChange: () => void) {
    this.#totals = totals;
    this.#onChange = onChange;
    this.#lanes = Promise.all(Array.from({ length: PARALLEL_PARTS }, () => this.#lane()));
  }

  get totals(): ApplyTotals {
    return this.#totals;
  }

  /** Keys that nobody has begun with. */
  get pending(): readonly string[] {
    return this.#pending;
  }

  /** Parts taken that are not applied yet. */
  get outstanding(): number {
    return this.#pending.length + this.#active;
  }

  /** Parts taken so far. */
  get taken(): number {
    return this.#taken.size;
  }

  take(keys: readonly string[]): void {
    for (const key of keys) {
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      this.#pending.push(key);
    }
    this.#onChange();
  }

  /** Rejects when the workflow is cancelled; otherwise pending for ever. For racing against a wait. */
  async untilCancelled(): Promise<never> {
    await this.#lanes;
    return new Promise(() => undefined);
  }

  /** Lets what is under way finish and begins nothing more. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#lanes;
  }

  async #lane(): Promise<void> {
    for (;;) {
      await condition(() => this.#isStopping || this.#pending.length > 0);
      const key = this.#isStopping ? undefined : this.#pending.shift();
      if (key === undefined) return;
      this.#active += 1;
      this.#onChange();
      await this.#apply(key).finally(() => (this.#active -= 1));
      this.#onChange();
    }
  }

  async #apply(key: string): Promise<void> {
    try {
      const summary = key.slice(key.lastIndexOf('/') + 1);
      const part = await applying().transformPart.executeWithOptions({ summary }, [{ key }]);
      this.#totals = {
        ...this.#totals,
        parts: this.#totals.parts + 1,
        repeated: this.#totals.repeated + (part.applied ? 0 : 1),
        events: this.#totals.events + part.events,
        edits: this.#totals.edits + (part.applied ? part.edits : 0),
        unusable: this.#totals.unusable + part.unusable,
      };
    } catch (error) {
      if (isCancellation(error)) throw error;
      // One damaged part does not keep the others out.
      const cause = error instanceof ActivityFailure ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#totals = { ...this.#totals, failed: [...this.#totals.failed, { key, reason }] };
    }
  }
}
