/** One fault of the deck. */
import type { Random } from '../../../dev/simulator/random.ts';
import type { Pipeline } from './pipeline.ts';

export interface Fault {
  readonly name: string;
  /**
   * Causes the fault, checks that it took effect, and ends it. Leaves one worker running, and ingest under its default id.
   * @throws Skipped if this machine cannot cause it
   */
  readonly strike: (pipeline: Pipeline, occasion: Occasion) => Promise<void>;
}

/** What varies from strike to strike. */
export interface Occasion {
  /** Depends on the seed and the fault, not on earlier faults. */
  readonly random: Random;
  /** Waits while a fault lasts: up to `shortMs` in the short form, `longMs` in the long one, and at least half of that. */
  readonly hold: (shortMs: number, longMs: number) => Promise<void>;
}

/** Why a fault is impossible on this machine. */
export class Skipped extends Error {}
