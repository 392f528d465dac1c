/** What is known of the past of one wiki, by the hour: what its expectation is made from. */
import { HOUR_SECONDS } from '../series.ts';

/** Edits of one wiki in one hour. */
export interface HourCount {
  /** First epoch second of the UTC hour. */
  readonly start: number;
  /** Edits in the known minutes; null where no minute is known. */
  readonly value: number | null;
  /** How many of its minutes are known, 0 to 60. */
  readonly knownMinutes: number;
}

const MINUTES = 60;
/** An hour of which less is known says too little about the rest of it. */
const LEAST_KNOWN_MINUTES = 30;

/**
 * Hours of one wiki, of one kind of account, and of one origin: hours from the dumps or the Action API never mix with
 * hours from the stream, because their bot flags differ. Never changes, so whatever is computed from it may be kept.
 */
export class PastHours {
  /** Number of the first hour since the epoch. */
  readonly first: number;
  /** Edits of each hour from the first on, as if all of its minutes were known; NaN where too few are. */
  readonly #counts: Float64Array;

  /** @param hours in any order; hours that are left out are unknown */
  constructor(hours: readonly HourCount[]) {
    let first = Infinity;
    let last = -Infinity;
    for (const { start } of hours) {
      first = Math.min(first, hourNumber(start));
      last = Math.max(last, hourNumber(start));
    }
    this.first = hours.length === 0 ? 0 : first;
    this.#counts = new Float64Array(hours.length === 0 ? 0 : last - first + 1).fill(NaN);
    for (const { start, value, knownMinutes } of hours) {
      if (value === null || knownMinutes < LEAST_KNOWN_MINUTES) continue;
      this.#counts[hourNumber(start) - this.first] = (value * MINUTES) / knownMinutes;
    }
  }

  /** Edits of an hour; NaN where it is not known. @param hour its number since the epoch */
  at(hour: number): number {
    return this.#counts[hour - this.first] ?? NaN;
  }
}

/** Number of the hour of an epoch second. */
export function hourNumber(second: number): number {
  return Math.floor(second / HOUR_SECONDS);
}
