/**
 * The details of a change beyond its facts: title, user, summaries, flags, log entry, ids.
 * Guarantee: a pure function of the change, and the only place that decides them, so that the stream, the Action API and
 * the dumps agree.
 */

import type { Change } from './change.ts';
import { categorizeComment, type Comment, editComment } from './comments.ts';
import { categoryTitle, escapeHtml, type Page, pageOf, words } from './pages.ts';
import { userName } from './people.ts';
import { hash, keyOf, Random } from './random.ts';

/** The fields of a log entry. */
export interface LogEntry {
  readonly type: string;
  readonly action: string;
  readonly params: unknown;
  /** 0 for abusefilter hits, like in the real stream */
  readonly id: number;
  /** whether it is in the recentchanges table and therefore has an rcid */
  readonly kept: boolean;
}

export interface Particulars extends Page, Comment {
  readonly user: string;
  /** whether the user is redacted: the stream omits it */
  readonly redacted: boolean;
  /** only for edits and new pages */
  readonly minor: boolean;
  /** undefined when the wiki does not patrol this kind of change */
  readonly patrolled: boolean | undefined;
  /** undefined unless the type is log */
  readonly log: LogEntry | undefined;
}

const REDACTED_KEY = keyOf(0, 'redacted');
const PARENT_KEY = keyOf(0, 'parent');
/** Rare, but readers must cope with it. */
const REDACTED_ONE_IN = 2000;

/** The revision that an edit or a page creation makes. Unique in its wiki and increasing with time. */
export function revisionOf({ deed, seq }: Pick<Change, 'deed' | 'seq'>): number {
  return deed.wiki.firstRevision + seq;
}

/** rc_id of a change in its wiki, even if its event does not show it. */
export function rcidOf({ deed, seq }: Pick<Change, 'deed' | 'seq'>): number {
  return deed.wiki.firstRcid + seq;
}

/** The revision that an edit replaced. */
export function parentRevisionOf(change: Pick<Change, 'deed' | 'seq'>): number {
  return revisionOf(change) - 1 - (hash(PARENT_KEY, change.deed.page) % 900_000);
}

export function particularsOf({ deed, timestamp }: Change): Particulars {
  const { wiki, type } = deed;
  const random = new Random(deed.salt);
  const member = pageOf(wiki, deed.page);
  const page = type === 'edit' || type === 'new' || type === 'log' ? member : otherPage(random, deed, type);
  const made =
    type === 'categorize' ? categorizeComment(random, wiki, member) : editComment(random, wiki, page);
  const comment =
    deed.said === undefined
      ? made
      : { comment: deed.said.comment, parsedcomment: escapeHtml(deed.said.comment) };
  const patrols = type === 'new' || (type === 'edit' && wiki.patrolsEdits);
  return {
    namespace: page.namespace,
    title: page.title,
    comment: comment.comment,
    parsedcomment: comment.parsedcomment,
    user: userName(deed.userKind, deed.user, timestamp),
    redacted: hash(REDACTED_KEY, deed.salt) % REDACTED_ONE_IN === 0,
    minor: random.chance(0.2),
    patrolled: patrols ? deed.bot || random.chance(0.85) : undefined,
    log: type === 'log' ? logEntry(random, wiki.kind === 'commons', timestamp) : undefined,
  };
}

/** The page of a categorize row is the category, that of a Flow post its topic. */
function otherPage(random: Random, { wiki, page }: Change['deed'], type: 'categorize' | '142'): Page {
  if (type === 'categorize') return { namespace: 14, title: categoryTitle(wiki, random) };
  return { namespace: 2600, title: `Topic:Y${page.toString(36)}` };
}

function logEntry(random: Random, uploads: boolean, timestamp: number): LogEntry {
  const u = random.unit();
  const id = 1 + random.word();
  const entry = (type: string, action: string, params: unknown, kept: boolean): LogEntry => {
    return { type, action, params, id: type === 'abusefilter' ? 0 : id, kept };
  };
  if (uploads && u < 0.7) {
    const img_timestamp = new Date(timestamp * 1000).toISOString().replace(/\D/g, '').slice(0, 14);
    const img_sha1 = Array.from({ length: 5 }, () => random.word().toString(36).padStart(7, '0'))
      .join('')
      .slice(0, 31);
    return entry('upload', 'upload', { img_sha1, img_timestamp }, true);
  }
  if (u < 0.35) {
    const actions = random.pick(['', 'tag', 'warn', 'disallow']);
    return entry(
      'abusefilter',
      'hit',
      { action: 'edit', filter: `${random.below(999)}`, actions, log: random.word() },
      false,
    );
  }
  if (u < 0.45) return entry('patrol', 'patrol', { curid: random.word(), previd: 0, auto: 0 }, false);
  if (u < 0.5) return entry('thanks', 'thank', [], false);
  if (u < 0.75) return entry('newusers', 'create', { userid: random.word() }, true);
  if (u < 0.9) return entry('delete', 'delete', [], true);
  if (u < 0.95) return entry('move', 'move', { target: words(random, 'latin', 2), noredir: '0' }, true);
  return entry('review', 'approve', [random.word(), random.word(), '20260822032547'], false);
}
