/** The edits of one wiki in a universe, five minutes by five minutes. */
import { Random, hash, keyOf } from '../simulator/random.ts';
import { normal, overdispersed } from './noise.ts';
import type { Story } from './stories.ts';
import type { AccountKind } from '../../src/core/usual/anomaly.ts';
import type { WikiModel } from './wikis.ts';
import { usualRate } from './wikis.ts';

export const SLOT = 300;
const HOUR = 3_600;
/** An hour resembles the one before: a busy hour is followed by a busy one. */
const MEMORY = 0.7;

/** [begin, to), epoch seconds; the detector looks from `from` on. Full hours. */
export interface Span {
  readonly begin: number;
  readonly from: number;
  readonly to: number;
}

/** Edits in each slot from `begin` on. Before `from` only hours matter, so all edits of an hour are in its first slot. */
export function countsOf(
  seed: number,
  wiki: WikiModel,
  account: AccountKind,
  stories: readonly Story[],
  { begin, from, to }: Span,
): Uint32Array {
  const random = new Random(hash(keyOf(seed, `${wiki.db} ${account}`), 0));
  const ours = stories.filter(
    story =>
      (story.account === undefined || story.account === account) &&
      (story.wikis === undefined || story.wikis.has(wiki.db)),
  );
  const counts = new Uint32Array((to - begin) / SLOT);
  const dispersion = wiki.dispersion[account];
  let drift = normal(random);
  for (let hour = begin; hour < to; hour += HOUR) {
    drift = MEMORY * drift + Math.sqrt(1 - MEMORY * MEMORY) * normal(random);
    const level = Math.exp(wiki.restless[account] * drift);
    const length = hour < from ? HOUR : SLOT;
    for (let second = hour; second < hour + HOUR; second += length) {
      const rate = withStories(level * usualRate(wiki, account, second), wiki, ours, second, length);
      counts[(second - begin) / SLOT] = overdispersed(random, (rate * length) / HOUR, dispersion);
    }
  }
  return counts;
}

/** The mean rate of some seconds, of which stories may change a part. */
function withStories(
  rate: number,
  wiki: WikiModel,
  stories: readonly Story[],
  second: number,
  length: number,
): number {
  let changed = rate;
  for (const { from, to, change } of stories) {
    const share = (Math.min(to, second + length) - Math.max(from, second)) / length;
    if (share > 0) changed += share * (change(changed, wiki, second) - changed);
  }
  return changed;
}
