/**
 * What the history dumps know of a change. They tell bots by account, and they have every revision: also those that
 * moves leave behind. Guarantee: a pure function of the change, for the dump and for its oracle alike.
 */

import type { Change } from './change.ts';
import type { Deed } from './history.ts';
import type { Fact } from './message-log.ts';
import { parentRevisionOf, particularsOf, revisionOf } from './particulars.ts';

/** A revision as the dumps have it. */
export interface DumpRevision {
  readonly type: 'edit' | 'new';
  readonly revision: number;
  /** 0 for a page's first */
  readonly parent: number;
  /** the account's flag: what makes it a bot, empty for others */
  readonly botBy: readonly ('name' | 'group')[];
  readonly bytes: number;
  readonly bytesDiff: number;
}

/** One account in so many has a name like a bot's and is none. */
const LOOKS_LIKE_A_BOT = 97;

/** Whether an account is a bot, and why one would think so. */
function botBy({ userKind, user }: Deed): readonly ('name' | 'group')[] {
  if (userKind === 'bot') return user % 3 === 0 ? ['group'] : ['name', 'group'];
  return userKind === 'named' && user % LOOKS_LIKE_A_BOT === 0 ? ['name'] : [];
}

/** The revision that a change made; undefined when it made none. */
export function dumpRevisionOf(change: Change): DumpRevision | undefined {
  const { deed } = change;
  const made = { revision: revisionOf(change), botBy: botBy(deed) };
  if (deed.type === 'edit') {
    const sizes = { bytes: deed.newLength, bytesDiff: deed.newLength - deed.oldLength };
    return { ...made, ...sizes, type: 'edit', parent: parentRevisionOf(change) };
  }
  if (deed.type === 'new') {
    return { ...made, type: 'new', parent: 0, bytes: deed.newLength, bytesDiff: deed.newLength };
  }
  if (deed.type !== 'log' || particularsOf(change).log?.type !== 'move') return undefined;
  // A null revision: the page as it was, under its new name.
  return { ...made, type: 'edit', parent: parentRevisionOf(change), bytes: 4096, bytesDiff: 0 };
}

/** A fact of the stream as the dumps tell it; undefined for what they do not have. */
export function asInDump(fact: Fact, change: Change): Fact | undefined {
  const revision = dumpRevisionOf(change);
  if (revision === undefined) return undefined;
  const { type, bytesDiff } = revision;
  return { ...fact, type, bot: revision.botBy.length > 0, bytesChange: bytesDiff };
}
