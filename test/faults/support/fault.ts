/** One card of the deck: something that goes wrong. */
import type { Random } from '../../../dev/simulator/random.ts';
import type { Pipeline } from './pipeline.ts';

export interface Fault {
  readonly name: string;
  /**
   * Makes it happen, makes sure that it did, and ends it. Leaves one worker running, and ingest under its usual id.
   * @throws Skipped where this machine cannot do it
   */
  readonly strike: (pipeline: Pipeline, occasion: Occasion) => Promise<void>;
}

/** What differs from one strike to the next. */
export interface Occasion {
  /** Depends on the seed and on the fault, not on what came before it. */
  readonly random: Random;
  /** Lets a fault last: up to so many milliseconds in the short form and in the long one, and at least half of it. */
  readonly hold: (shortMs: number, longMs: number) => Promise<void>;
}

/** Why a fault cannot be made on this machine. */
export class Skipped extends Error {}
