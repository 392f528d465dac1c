/** One card of the deck: something that goes wrong. */
import type { Random } from '../../../local/wikimedia/random.ts';
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
  /** How long a fault of some duration lasts: the first in the short form, the second in the long one. ms */
  readonly lasts: (shortMs: number, longMs: number) => number;
}

/** Why a fault cannot be made on this machine. */
export class Skipped extends Error {}
