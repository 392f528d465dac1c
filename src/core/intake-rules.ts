import type { Fold, MinuteRow } from './minute-counts.ts';
import type { Judge } from './reading.ts';

/** Which events of the stream are usable, and which of those are stored. */
export interface IntakeRules {
  readonly judge: Judge;
  /** Wikis to keep; empty keeps all. */
  readonly wikis: ReadonlySet<string>;
  /** Counts what is buffered, for the live feed; absent where there is none. */
  readonly newFold?: (() => Fold<MinuteRow>) | undefined;
}
