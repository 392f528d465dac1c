/**
 * What is usual for one wiki: how many edits an hour has, and how much that varies.
 *
 * An hour is compared with the same hour of the week in the eight latest known weeks, by their median: one week in which
 * something happened does not move it. The hours before and after count too, because UTC ignores daylight saving: what
 * happened at 18:00 on the clocks of a wiki's readers is an hour away half of the year. The last three hours then say
 * whether today is a busy or a slow day.
 */
import { HOUR_SECONDS } from '../series.ts';
import { hourNumber } from './past-hours.ts';
import type { PastHours } from './past-hours.ts';

/** [from, to), epoch seconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What an hour is expected to have: at the same hour of the week, and by the highest and the lowest of it and its neighbours. */
export interface UsualHour {
  readonly kind: 'usual';
  readonly mean: number;
  readonly most: number;
  readonly least: number;
}

export interface NotEnoughHistory {
  readonly kind: 'not_enough_history';
  /** How many weeks are known of this hour of the week; three are needed. */
  readonly weeks: number;
}

const WEEK = 168;
const WEEKS = 8;
const LEAST_WEEKS = 3;
/** Weeks to look back for eight known ones. */
const MOST_WEEKS_BACK = 13;
/** Hours that say how today compares with other weeks, and how far back they are looked for. */
const RECENT_HOURS = 3;
const MOST_HOURS_BACK = 6;
const LEVEL = { least: 0.5, most: 2 } as const;
/** This many edits of a usual day are added to the recent hours: three edits in place of one say nothing about the day. */
const LEVEL_PRIOR = 20;

/** Edits vary more than by chance; no wiki is taken to vary less than this. */
const LEAST_DISPERSION = 1.5;
/** The dispersion is fitted to every fifth hour of eight weeks, so that each hour of the day and of the week has its turn. */
const FIT_STRIDE = 5;
const FIT_HOURS = WEEKS * WEEK;
/** Hours that a fit needs. */
const LEAST_FIT = 40;
/** An hour with fewer expected edits says nothing about variance. */
const LEAST_FIT_MEAN = 1;
/** Nine in ten squares of a standard normal deviate are below this. The ninth decile is fitted: the tail decides, and a tenth may be anything. */
const NINTH_DECILE = 2.7055;

export class Usual {
  readonly #past: PastHours;
  readonly #unusual: readonly Window[];
  readonly #bases = new Map<number, UsualHour | NotEnoughHistory>();
  readonly #dispersions = new Map<number, number>();

  /**
   * @param past of one wiki, kind of account, and origin
   * @param unusual when something happened: these hours do not say how busy today is
   */
  constructor(past: PastHours, unusual: readonly Window[] = []) {
    this.#past = past;
    this.#unusual = unusual;
  }

  /** What an hour is expected to have, from the hours before it alone. @param hour its number since the epoch */
  hour(hour: number): UsualHour | NotEnoughHistory {
    const base = this.#base(hour);
    if (base.kind === 'not_enough_history') return base;
    const level = this.#level(hour);
    return { kind: 'usual', mean: base.mean * level, most: base.most * level, least: base.least * level };
  }

  /** Variance of an hour's count divided by its mean, from the eight weeks before the day of an epoch second. */
  dispersion(second: number): number {
    const day = Math.floor(hourNumber(second) / 24);
    const kept = this.#dispersions.get(day);
    if (kept !== undefined) return kept;
    const fitted = this.#fit(day * 24);
    this.#dispersions.set(day, fitted);
    return fitted;
  }

  #base(hour: number): UsualHour | NotEnoughHistory {
    const kept = this.#bases.get(hour);
    if (kept !== undefined) return kept;
    const made = this.#makeBase(hour);
    this.#bases.set(hour, made);
    return made;
  }

  #makeBase(hour: number): UsualHour | NotEnoughHistory {
    const same = this.#sameHour(hour);
    if (same.weeks < LEAST_WEEKS) return { kind: 'not_enough_history', weeks: same.weeks };
    let most = same.median;
    let least = same.median;
    for (const neighbour of [hour - 1, hour + 1]) {
      const { median, weeks } = this.#sameHour(neighbour);
      if (weeks < LEAST_WEEKS) continue;
      most = Math.max(most, median);
      least = Math.min(least, median);
    }
    return { kind: 'usual', mean: same.median, most, least };
  }

  /** The median over the latest known weeks before an hour. */
  #sameHour(hour: number): { readonly weeks: number; readonly median: number } {
    const known: number[] = [];
    for (let back = 1; back <= MOST_WEEKS_BACK && known.length < WEEKS; back++) {
      const count = this.#past.at(hour - back * WEEK);
      if (!Number.isNaN(count)) known.push(count);
    }
    return { weeks: known.length, median: known.length === 0 ? 0 : quantileOf(known, 0.5) };
  }

  /** How much busier the hours before this one were than on other weeks. 1 where they are not known. */
  #level(hour: number): number {
    let counted = LEVEL_PRIOR;
    let expected = LEVEL_PRIOR;
    let hours = 0;
    for (let back = 1; back <= MOST_HOURS_BACK && hours < RECENT_HOURS; back++) {
      const count = this.#past.at(hour - back);
      const base = this.#base(hour - back);
      if (Number.isNaN(count) || base.kind === 'not_enough_history' || this.#wasUnusual(hour - back))
        continue;
      counted += count;
      expected += base.mean;
      hours += 1;
    }
    return Math.min(LEVEL.most, Math.max(LEVEL.least, counted / expected));
  }

  #wasUnusual(hour: number): boolean {
    const start = hour * HOUR_SECONDS;
    return this.#unusual.some(({ from, to }) => from < start + HOUR_SECONDS && to > start);
  }

  #fit(end: number): number {
    const squares: number[] = [];
    for (let hour = end - FIT_HOURS; hour < end; hour += FIT_STRIDE) {
      const count = this.#past.at(hour);
      if (Number.isNaN(count)) continue;
      const usual = this.hour(hour);
      if (usual.kind === 'not_enough_history' || usual.mean < LEAST_FIT_MEAN) continue;
      squares.push((count - usual.mean) ** 2 / usual.mean);
    }
    if (squares.length < LEAST_FIT) return LEAST_DISPERSION;
    return Math.max(LEAST_DISPERSION, quantileOf(squares, 0.9) / NINTH_DECILE);
  }
}

/** A quantile of numbers, at least one; between two of them where it lies there. Sorts them. */
function quantileOf(numbers: number[], share: number): number {
  numbers.sort((a, b) => a - b);
  const position = share * (numbers.length - 1);
  const low = numbers[Math.floor(position)] ?? 0;
  const high = numbers[Math.ceil(position)] ?? low;
  return low + (high - low) * (position - Math.floor(position));
}
