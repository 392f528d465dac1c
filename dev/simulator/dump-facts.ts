/**
 * A change as the history dumps see it. They recognize bots by account, and they contain every revision, including
 * those left by moves. Guarantee: a pure function of the change, shared by the dump and its oracle.
 */

import type { Change } from './change.ts';
import type { Deed } from './history.ts';
import type { Fact } from './message-log.ts';
import { parentRevisionOf, particularsOf, revisionOf } from './particulars.ts';

/** A revision in the dumps. */
export interface DumpRevision {
  readonly type: 'edit' | 'new';
  readonly revision: number;
  /** 0 for the first revision of a page */
  readonly parent: number;
  /** why the account looks like a bot; empty for others */
  readonly botBy: readonly ('name' | 'group')[];
  readonly bytes: number;
  readonly bytesDiff: number;
}

/** One in this many accounts has a bot-like name but is not a bot. */
const LOOKS_LIKE_A_BOT = 97;

/** Why an account looks like a bot: only the group proves it. */
function botBy({ userKind, user }: Deed): readonly ('name' | 'group')[] {
  if (userKind === 'bot') return user % 3 === 0 ? ['group'] : ['name', 'group'];
  return userKind === 'named' && user % LOOKS_LIKE_A_BOT === 0 ? ['name'] : [];
}

/** The revision that a change made, if any. */
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
  // A null revision: the unchanged page under its new name.
  return { ...made, type: 'edit', parent: parentRevisionOf(change), bytes: 4096, bytesDiff: 0 };
}

/** A fact of the stream as the dumps see it; undefined when they do not contain it. */
export function dumpFactOf(fact: Fact, change: Change): Fact | undefined {
  const revision = dumpRevisionOf(change);
  if (revision === undefined) return undefined;
  const { type, bytesDiff } = revision;
  return { ...fact, type, bot: revision.botBy.length > 0, bytesChange: bytesDiff };
}
