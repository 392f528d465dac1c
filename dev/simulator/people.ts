/**
 * Names of accounts. Guarantee: an account number always has the same name.
 */

import type { UserKind } from './history.ts';
import { capitalised, words } from './pages.ts';
import { hash, keyOf, Random } from './random.ts';

const KEYS: Readonly<Record<UserKind, number>> = {
  bot: keyOf(0, 'bots'),
  named: keyOf(0, 'named'),
  temporary: keyOf(0, 'temporary'),
};

const BOT_ENDINGS = ['Bot', 'bot', ' bot', 'BOT', 'Bot II', ' (bot)'];

/**
 * The name of an account.
 * @param user account number within its kind, 0 .. 2^32 - 1
 * @param second epoch seconds of the change: names of temporary accounts contain the year of their creation
 */
export function userName(kind: UserKind, user: number, second: number): string {
  const random = new Random(hash(KEYS[kind], user));
  if (kind === 'temporary') {
    return `~${new Date(second * 1000).getUTCFullYear()}-${10_000 + random.below(80_000)}-${10 + random.below(90)}`;
  }
  const script = random.chance(0.87) ? 'latin' : random.pick(['cyrillic', 'han', 'arabic', 'kana'] as const);
  const name = capitalised(words(random, kind === 'bot' ? 'latin' : script, 1));
  if (kind === 'bot') return name + random.pick(BOT_ENDINGS);
  if (random.chance(0.45)) return `${name}${random.below(3000)}`;
  return random.chance(0.5) ? `${name} ${capitalised(words(random, script, 1))}` : name;
}
