/** How many edits the wikis of a universe usually have, by hour of the day and of the week. */
import type { AccountKind } from '../../src/core/usual/anomaly.ts';
import { Random, hash, keyOf } from '../simulator/random.ts';
import { WIKIS } from '../simulator/wikis.ts';

/** Where the clocks of a wiki's readers change. */
export type Clock = 'europe' | 'america' | 'none';

export interface WikiModel {
  readonly db: string;
  /** Mean edits an hour. */
  readonly hourly: Readonly<Record<AccountKind, number>>;
  /** Hours that its readers' clocks are ahead of UTC in winter. */
  readonly zone: number;
  readonly clock: Clock;
  /** How far the busiest hour of the day is above the mean, and the quietest below: 0.25 is a quarter. */
  readonly swing: number;
  /** Edits on a Saturday or Sunday against other days. */
  readonly weekend: number;
  /** Variance of five minutes' counts divided by their mean. */
  readonly dispersion: Readonly<Record<AccountKind, number>>;
  /** Standard deviation of the logarithm of an hour's rate about the usual. */
  readonly restless: Readonly<Record<AccountKind, number>>;
}

/** These are always among the wikis. */
const LARGEST = 5;

/** Edits an hour of all wikis: 20 a second, as measured in 2024 and 2026; 43 in 100 by bots. */
const ALL_HOURLY = 72_000;
const BOT_SHARE = 0.43;

/** Wikis of the simulator, from its largest to its smallest, each with habits of its own. @param count 10 to 300 */
export function modelsOf(seed: number, count: number): readonly WikiModel[] {
  const key = keyOf(seed, 'habits');
  const total = WIKIS.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = WIKIS.filter((_, rank) => rank < LARGEST || isChosen(rank, count));
  return chosen.map(({ db, weight, lang }, index) => {
    const random = new Random(hash(key, index));
    const hourly = (ALL_HOURLY * weight) / total;
    // Half of the wikis have fewer bots than the average, some have none to speak of.
    const bots = BOT_SHARE * (random.chance(0.5) ? 1 : random.unit());
    const isLarge = index < 3;
    return {
      db,
      hourly: { human: hourly * (1 - bots), bot: hourly * bots },
      zone: isLarge || lang === 'en' ? 0 : random.below(10) - 1,
      clock: random.pick(['europe', 'europe', 'america', 'none'] as const),
      swing: isLarge ? 0.25 : 0.35 + 0.35 * random.unit(),
      weekend: 0.8 + 0.4 * random.unit(),
      dispersion: { human: 1.5 + 4.5 * random.unit(), bot: 2 + 10 * random.unit() },
      restless: { human: 0.08 + 0.12 * random.unit(), bot: 0.2 + 0.3 * random.unit() },
    };
  });
}

/** The ranks after the largest, evenly. */
function isChosen(rank: number, count: number): boolean {
  const step = (WIKIS.length - LARGEST) / (count - LARGEST);
  return Math.floor((rank - LARGEST) / step) !== Math.floor((rank - LARGEST - 1) / step);
}

const HOUR = 3_600;
const DAY = 86_400;
/** Sunday 01:00 UTC, when European clocks go back, and a week later the American ones. */
export const CLOCKS_GO_BACK = Date.UTC(2026, 9, 25, 1) / 1000;
const CLOCKS: Readonly<Record<Clock, number>> = {
  europe: CLOCKS_GO_BACK,
  america: CLOCKS_GO_BACK + 7 * DAY,
  none: Infinity,
};

/** Edits an hour at an epoch second, without noise and stories. */
export function usualRate(wiki: WikiModel, account: AccountKind, second: number): number {
  const mean = wiki.hourly[account];
  // Bots run by UTC, a little more at night.
  if (account === 'bot') return mean * (1 + 0.15 * Math.cos((2 * Math.PI * (second % DAY)) / DAY));
  const summer = wiki.clock !== 'none' && second < CLOCKS[wiki.clock] ? HOUR : 0;
  const local = second + wiki.zone * HOUR + summer;
  const wave = Math.cos((2 * Math.PI * ((local % DAY) - 17 * HOUR)) / DAY);
  // Day 0 of the epoch was a Thursday.
  const isWeekend = [2, 3].includes(Math.floor(local / DAY) % 7);
  return mean * (1 + wiki.swing * wave) * (isWeekend ? wiki.weekend : 1);
}
