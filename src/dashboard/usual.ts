/**
 * ⑧ How many edits are usual, in the buckets of the chart. Pure.
 *
 * The API answers once for a view; minutes that begin later in the same hour are expected to have as many as those before,
 * because what is usual is known by the hour.
 */
import { secondOf } from '../core/time.ts';
import type { Expectation } from './api-client.ts';
import type { Reading } from './model.ts';
import type { Values } from './series.ts';

/** Edits a minute. 99 in 100 buckets lie between `low` and `high`. */
export interface UsualRate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface Usual {
  readonly wiki: string;
  /** Epoch second of the first bucket. */
  readonly first: number;
  readonly stepSec: number;
  /** One a bucket; undefined where too little history is known. */
  readonly rates: readonly (UsualRate | undefined)[];
}

/** How the edits of a bucket, or of several, compare with what is usual. */
export interface Comparison {
  readonly edits: number;
  /** Edits that are expected in the minutes that were counted. */
  readonly usual: number;
}

const HOUR_SEC = 3_600;

/** What the API expects of one wiki, people and bots together. */
export function usualOf({ from, stepSec, wikis }: Expectation): Usual | undefined {
  const [expected] = wikis;
  if (expected === undefined) return undefined;
  const { human, bot } = expected;
  const minutes = stepSec / 60;
  const rates = human.mean.map((_, at): UsualRate | undefined => {
    const [people, bots] = [bandAt(human, at), bandAt(bot, at)];
    if (people === undefined || bots === undefined) return undefined;
    const mean = people.mean + bots.mean;
    // People and bots vary independently, so the squares of their widths add up, not the widths.
    const below = Math.hypot(people.mean - people.low, bots.mean - bots.low);
    const above = Math.hypot(people.high - people.mean, bots.high - bots.mean);
    return {
      mean: mean / minutes,
      low: Math.max(mean - below, 0) / minutes,
      high: (mean + above) / minutes,
    };
  });
  return { wiki: expected.wiki, first: secondOf(from), stepSec, rates };
}

function bandAt(
  { mean, low, high }: Expectation['wikis'][number]['human'],
  at: number,
): UsualRate | undefined {
  const [middle, lower, upper] = [mean[at] ?? null, low[at] ?? null, high[at] ?? null];
  if (middle === null || lower === null || upper === null) return undefined;
  return { mean: middle, low: lower, high: upper };
}

/** What is usual at an epoch second; undefined where it is not known. */
export function usualAt({ first, stepSec, rates }: Usual, second: number): UsualRate | undefined {
  const at = Math.floor((second - first) / stepSec);
  if (at < rates.length) return rates[at];
  const last = first + (rates.length - 1) * stepSec;
  const isSameHour = Math.floor(last / HOUR_SEC) === Math.floor(second / HOUR_SEC);
  return isSameHour ? rates.at(-1) : undefined;
}

export interface UsualColumns {
  readonly low: Values;
  readonly high: Values;
}

export const NOTHING_USUAL: UsualColumns = { low: [], high: [] };

/** The band of each bucket of the chart. */
export function usualColumns(usual: Usual | undefined, x: readonly number[]): UsualColumns {
  if (usual === undefined) return NOTHING_USUAL;
  const rates = x.map(second => usualAt(usual, second));
  return { low: rates.map(rate => rate?.low ?? null), high: rates.map(rate => rate?.high ?? null) };
}

/** Undefined where nothing usual is known, and for a count that is only a part. */
export function comparisonOf(
  { minute, total, known, standing }: Reading,
  usual: Usual | undefined,
): Comparison | undefined {
  const isPart = standing === 'counting' || standing === 'gap' || standing === 'unread';
  if (usual === undefined || total === undefined || isPart || known === 0) return undefined;
  const rate = usualAt(usual, minute);
  return rate && { edits: total, usual: rate.mean * known };
}

/** Whether an answer knows of no minute what is usual. */
export function hasNoHistory(usual: Usual | undefined): boolean {
  return usual?.rates.every(rate => rate === undefined) ?? false;
}

/** What is usual of the minutes of an hour, or of fewer; undefined unless it is known of all of them. */
export function usualBetween(usual: Usual | undefined, from: number, to: number): number | undefined {
  // In longer buckets, no hour can be told from the next.
  if (usual === undefined || usual.stepSec > HOUR_SEC) return undefined;
  let sum = 0;
  for (let minute = from; minute < to; minute += 60) {
    const rate = usualAt(usual, minute);
    if (rate === undefined) return undefined;
    sum += rate.mean;
  }
  return sum;
}
