/**
 * A change as a row of `list=recentchanges`. Guarantee: the row agrees with the stream's event. Fields that the real
 * API omits, hides or fills with the revision of another change are omitted, hidden or filled here, too.
 */

import type { Change } from './change.ts';
import { parentRevisionOf, particularsOf, rcidOf, revisionOf } from './particulars.ts';

/** The requested form of a row. */
export interface RowFormat {
  readonly props: ReadonlySet<string>;
  readonly formatversion: 1 | 2;
}

type Row = Record<string, unknown>;

/** The types in the table; Flow posts are not listed. */
export const CHANGE_TYPES = ['edit', 'new', 'log', 'categorize'] as const;

/** Whether a change is in the table of recent changes; some log entries are only in the stream. */
export function isListed(change: Change): boolean {
  const { type } = change.deed;
  if (type === 'log') return particularsOf(change).log?.kept !== false;
  return type === 'edit' || type === 'new' || type === 'categorize';
}

export function rowOf(change: Change, { props, formatversion }: RowFormat): Row {
  const { deed } = change;
  const { type } = deed;
  const facts = particularsOf(change);
  const row: Row = { type };
  const flag = (name: string, isSet: boolean): void => {
    if (formatversion === 2) row[name] = isSet;
    else if (isSet) row[name] = '';
  };
  if (props.has('title')) {
    row['ns'] = facts.namespace;
    row['title'] = facts.title;
  }
  if (props.has('ids')) {
    row['pageid'] = 1 + (deed.page % 90_000_000);
    row['revid'] = foreignRevision(change);
    row['old_revid'] = type === 'edit' ? parentRevisionOf(change) : 0;
    row['rcid'] = rcidOf(change);
  }
  if (facts.redacted) {
    if (props.has('user') || props.has('userid')) flag('userhidden', true);
  } else {
    if (props.has('user')) {
      row['user'] = facts.user;
      if (deed.userKind === 'temporary') flag('temp', true);
    }
    if (props.has('userid')) row['userid'] = 1 + (deed.user % 50_000_000);
  }
  if (props.has('flags')) {
    flag('bot', deed.bot);
    flag('new', type === 'new');
    flag('minor', facts.minor);
  }
  if (props.has('sizes')) {
    row['oldlen'] = deed.oldLength;
    row['newlen'] = deed.newLength;
  }
  if (props.has('timestamp'))
    row['timestamp'] = `${new Date(change.timestamp * 1000).toISOString().slice(0, 19)}Z`;
  if (props.has('comment')) row['comment'] = facts.comment;
  if (props.has('parsedcomment')) row['parsedcomment'] = facts.parsedcomment;
  if (props.has('tags')) row['tags'] = deed.said?.tags ?? [];
  if (props.has('loginfo') && facts.log !== undefined) {
    row['logid'] = facts.log.id;
    row['logtype'] = facts.log.type;
    row['logaction'] = facts.log.action;
    row['logparams'] = facts.log.params;
  }
  return row;
}

/** An edit has its own revision, a categorize row that of the edit behind it, a move that of the revision it leaves. */
function foreignRevision(change: Change): number {
  const { deed } = change;
  switch (deed.type) {
    case 'edit':
    case 'new':
      return revisionOf(change);
    case 'categorize':
      return revisionOf({ deed, seq: deed.leader });
    case 'log':
      return particularsOf(change).log?.type === 'move' ? revisionOf(change) : 0;
    case '142':
      return 0;
    default:
      return deed.type satisfies never;
  }
}
