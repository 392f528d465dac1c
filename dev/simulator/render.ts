/**
 * The JSON text of an event in `data:`. Guarantee: a pure function of the change. Field order and presence match the
 * captures (2025-12): keys that are null in MediaWiki are missing.
 */

import type { Canary, Change } from './change.ts';
import type { Place } from './numbering.ts';
import { urlTitle } from './pages.ts';
import {
  type LogEntry,
  parentRevisionOf,
  type Particulars,
  particularsOf,
  rcidOf,
  revisionOf,
} from './particulars.ts';
import { hash, uuidOf } from './random.ts';

const STREAM = 'mediawiki.recentchange';

/** Ids of canaries come from numbers that no event uses. */
const CANARY_NUMBERS = 2 ** 52;
/** Separates request ids from event ids of the same number. */
const REQUEST = 0x2545f491;

type Fields = Record<string, unknown>;

/** JSON text of a change. @param idKey key of the universe's ids */
export function renderChange(change: Change, { partition, offset }: Place, idKey: number): string {
  const { deed, seq } = change;
  const { wiki, type } = deed;
  const particulars = particularsOf(change);
  const { log, title, user } = particulars;
  const server = `https://${wiki.host}`;
  const url = `${server}/wiki/${urlTitle(title)}`;
  const event: Fields = {
    $schema: '/mediawiki/recentchange/1.0.0',
    meta: {
      uri: url,
      request_id: uuidOf(idKey ^ REQUEST, deed.leader),
      id: uuidOf(idKey, seq),
      domain: wiki.host,
      stream: STREAM,
      dt: new Date(change.dtMs).toISOString(),
      topic: change.topic,
      partition,
      offset,
    },
  };
  if (log?.kept !== false) event['id'] = rcidOf(change);
  event['type'] = type;
  event['namespace'] = particulars.namespace;
  event['title'] = title;
  event['title_url'] = url;
  event['comment'] = particulars.comment;
  event['timestamp'] = change.timestamp;
  if (!particulars.redacted) event['user'] = user;
  event['bot'] = deed.bot;
  if (log === undefined) event['notify_url'] = `${server}/w/index.php?${notifyQuery(change, title)}`;
  else addLog(event, log, user, title);
  if (type === 'edit' || type === 'new') addRevision(event, change, particulars);
  event['server_url'] = server;
  event['server_name'] = wiki.host;
  event['server_script_path'] = '/w';
  event['wiki'] = wiki.db;
  event['parsedcomment'] = particulars.parsedcomment;
  return JSON.stringify(event);
}

/** Contains the rcid exactly when the change can be patrolled. */
function notifyQuery(change: Change, title: string): string {
  const { deed } = change;
  const rcid = deed.type === 'new' || deed.wiki.patrolsEdits ? `&rcid=${rcidOf(change)}` : '';
  if (deed.type === 'new') return `oldid=${revisionOf(change)}${rcid}`;
  if (deed.type === 'edit') return `diff=${revisionOf(change)}&oldid=${parentRevisionOf(change)}${rcid}`;
  if (deed.type === 'categorize') return `diff=${revisionOf({ deed, seq: deed.leader })}&oldid=0${rcid}`;
  return `title=${title}&action=history`;
}

function addRevision(event: Fields, change: Change, { minor, patrolled }: Particulars): void {
  const { type, oldLength, newLength } = change.deed;
  const revision = revisionOf(change);
  event['minor'] = minor;
  if (patrolled !== undefined) event['patrolled'] = patrolled;
  event['length'] = type === 'new' ? { new: newLength } : { old: oldLength, new: newLength };
  event['revision'] = type === 'new' ? { new: revision } : { old: parentRevisionOf(change), new: revision };
}

function addLog(event: Fields, log: LogEntry, user: string, title: string): void {
  event['log_id'] = log.id;
  event['log_type'] = log.type;
  event['log_action'] = log.action;
  event['log_params'] = log.params;
  event['log_action_comment'] = `${user} ${log.action} &quot;[[${title}]]&quot;`;
}

/** JSON text of a canary: only `$schema` and `meta`. One in three has no `meta.id`: schema 1.0.1 does not require it. */
export function renderCanary(canary: Canary, { partition, offset }: Place, idKey: number): string {
  const { topic, dtMs } = canary;
  const number = CANARY_NUMBERS + canary.offset;
  return JSON.stringify({
    $schema: '/mediawiki/recentchange/1.0.1',
    meta: {
      domain: 'canary',
      dt: new Date(dtMs).toISOString(),
      stream: STREAM,
      ...(hash(idKey, number) % 3 === 0 ? {} : { id: uuidOf(idKey ^ topic.charCodeAt(0), number) }),
      topic,
      partition,
      offset,
    },
  });
}
