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

/** Before it is known how busy today is. */
interface Base extends UsualHour {
  /** Made from the last hours, so it knows already. */
  readonly isOfToday: boolean;
}

export interface NotEnoughHistory {
  readonly kind: 'not_enough_history';
  /** How many weeks are known of this hour of the week; three are needed. */
  readonly weeks: number;
}

/** What an hour is compared with where fewer than three weeks are known. */
export type YoungHistory =
  /** Nothing: there is not enough history. */
  | 'nothing'
  /** The hours before it. They say little, so this is for simulated wikis, which have no weeks behind them. */
  | 'last_hours';

const WEEK = 168;
const HOURS_A_DAY = 24;
const WEEKS = 8;
const LEAST_WEEKS = 3;
/** Weeks to look back for eight known ones. */
const MOST_WEEKS_BACK = 13;
/** Hours that say how today compares with other weeks, and how far back they are looked for. */
const RECENT_HOURS = 3;
const MOST_HOURS_BACK = 6;
const LEVEL = { least: 0.5, most: 2 } as const;
/** How far the last hours go back, how many are needed, and their dispersion, which cannot be fitted to a few. */
const YOUNG = { mostHoursBack: 12, leastHours: 2, dispersion: 5 } as const;
/** An hour with so much less says that a producer was out, not that today is slow. By chance it happens to fewer edits only. */
const SILENCE = { leastMean: 15, factor: 0.3 } as const;
/** This many edits of a usual day are added to the recent hours: three edits in place of one say nothing about the day. */
const LEVEL_PRIOR = 20;

/** Edits vary more than by chance; no wiki is taken to vary less than this. */
const LEAST_DISPERSION = 1.5;
/** The dispersion is fitted to every fifth hour of eight weeks, so that each hour of the day and of the week has its turn. */
const FIT_STRIDE = 5;
const FIT_HOURS = WEEKS * WEEK;
/** Hours that a fit needs. */
const LEAST_FIT = 40;
/** An excess is usual once more hours than these have had it. */
const SELDOM = 3;
/** An hour with fewer expected edits says nothing about variance. */
const LEAST_FIT_MEAN = 1;
/** Nine in ten squares of a standard normal deviate are below this. The ninth decile is fitted: the tail decides, and a tenth may be anything. */
const NINTH_DECILE = 2.7055;

export class Usual {
  readonly #past: PastHours;
  readonly #unusual: readonly Window[];
  readonly #young: YoungHistory;
  readonly #bases = new Map<number, Base | NotEnoughHistory>();
  readonly #levels = new Map<number, number>();
  readonly #dispersions = new Map<number, number>();
  readonly #excesses = new Map<number, number>();

  /**
   * @param past of one wiki, kind of account, and origin
   * @param unusual when something happened: these hours do not say how busy today is
   * @param young what to do while fewer than three weeks are known
   */
  constructor(past: PastHours, unusual: readonly Window[] = [], young: YoungHistory = 'nothing') {
    this.#past = past;
    this.#unusual = unusual;
    this.#young = young;
  }

  /**
   * What an hour is expected to have, from the hours before it alone.
   * @param hour its number since the epoch
   * @param asOf the hours before this one say how busy today is
   */
  hour(hour: number, asOf = hour): UsualHour | NotEnoughHistory {
    const base = this.#base(hour);
    if (base.kind === 'not_enough_history') return base;
    const level = base.isOfToday ? 1 : this.#level(asOf);
    return {
      kind: 'usual',
      mean: base.mean * level,
      most: base.most * level,
      // What follows a burst is not quiet: a busy day does not raise the least that is expected.
      least: base.least * Math.min(level, 1),
    };
  }

  /** Variance of an hour's count divided by its mean, from the eight weeks before the day of an epoch second. */
  dispersion(second: number): number {
    const end = midnightBefore(second);
    return kept(this.#dispersions, end, () => this.#fit(end));
  }

  /**
   * How many edits too many more than three hours had in the eight weeks before the day of an epoch second. What has
   * come three times will come again, such as a bot that runs every other week.
   */
  usualExcess(second: number): number {
    if (this.#young === 'last_hours') return 0;
    const end = midnightBefore(second);
    return kept(this.#excesses, end, () => {
      const excesses = this.#residuals(end, 1).map(({ count, usual }) => count - usual.most);
      return Math.max(0, excesses.sort((a, b) => b - a)[SELDOM] ?? 0);
    });
  }

  #base(hour: number): Base | NotEnoughHistory {
    const known = this.#bases.get(hour);
    if (known !== undefined) return known;
    const made = this.#makeBase(hour);
    this.#bases.set(hour, made);
    return made;
  }

  #makeBase(hour: number): Base | NotEnoughHistory {
    const same = this.#sameHour(hour);
    if (same.weeks < LEAST_WEEKS)
      return this.#lastHours(hour) ?? { kind: 'not_enough_history', weeks: same.weeks };
    let most = same.median;
    let least = same.median;
    for (const neighbour of [hour - 1, hour + 1]) {
      const { median, weeks } = this.#sameHour(neighbour);
      if (weeks < LEAST_WEEKS) continue;
      most = Math.max(most, median);
      least = Math.min(least, median);
    }
    return { kind: 'usual', mean: same.median, most, least, isOfToday: false };
  }

  #lastHours(hour: number): Base | undefined {
    if (this.#young === 'nothing') return undefined;
    const known = Array.from({ length: YOUNG.mostHoursBack }, (_, back) =>
      this.#past.at(hour - 1 - back),
    ).filter(count => !Number.isNaN(count));
    if (known.length < YOUNG.leastHours) return undefined;
    const mean = quantileOf(known, 0.5);
    return {
      kind: 'usual',
      mean,
      most: quantileOf(known, 0.75),
      least: Math.min(...known.filter(count => !isSilent(count, mean))),
      isOfToday: true,
    };
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
    const known = this.#levels.get(hour);
    if (known !== undefined) return known;
    const made = this.#makeLevel(hour);
    this.#levels.set(hour, made);
    return made;
  }

  #makeLevel(hour: number): number {
    let counted = LEVEL_PRIOR;
    let expected = LEVEL_PRIOR;
    let hours = 0;
    for (let back = 1; back <= MOST_HOURS_BACK && hours < RECENT_HOURS; back++) {
      const count = this.#past.at(hour - back);
      const base = this.#base(hour - back);
      if (Number.isNaN(count) || base.kind === 'not_enough_history' || this.#wasUnusual(hour - back))
        continue;
      if (isSilent(count, base.mean)) continue;
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
    const squares = this.#residuals(end, FIT_STRIDE).flatMap(({ count, usual: { mean } }) =>
      mean < LEAST_FIT_MEAN ? [] : [(count - mean) ** 2 / mean],
    );
    if (squares.length < LEAST_FIT) return this.#young === 'nothing' ? LEAST_DISPERSION : YOUNG.dispersion;
    return Math.max(LEAST_DISPERSION, quantileOf(squares, 0.9) / NINTH_DECILE);
  }

  /** Every so many hours of the eight weeks before an hour, with what was expected of them then. */
  #residuals(end: number, stride: number): readonly { readonly count: number; readonly usual: UsualHour }[] {
    const found: { readonly count: number; readonly usual: UsualHour }[] = [];
    for (let hour = end - FIT_HOURS; hour < end; hour += stride) {
      const count = this.#past.at(hour);
      if (Number.isNaN(count)) continue;
      const usual = this.hour(hour);
      if (usual.kind === 'usual') found.push({ count, usual });
    }
    return found;
  }
}

/** After an outage the usual is not half of the usual. */
function isSilent(count: number, mean: number): boolean {
  return mean >= SILENCE.leastMean && count < SILENCE.factor * mean;
}

function midnightBefore(second: number): number {
  return Math.floor(hourNumber(second) / HOURS_A_DAY) * HOURS_A_DAY;
}

function kept<V>(memory: Map<number, V>, key: number, make: () => V): V {
  const found = memory.get(key);
  if (found !== undefined) return found;
  const made = make();
  memory.set(key, made);
  return made;
}

/** A quantile of numbers, at least one; between two of them where it lies there. Sorts them. */
function quantileOf(numbers: number[], share: number): number {
  numbers.sort((a, b) => a - b);
  const position = share * (numbers.length - 1);
  const low = numbers[Math.floor(position)] ?? 0;
  const high = numbers[Math.ceil(position)] ?? low;
  return low + (high - low) * (position - Math.floor(position));
}
