/**
 * What explanations read of a recentchange event. Nothing that is hidden or belongs to a private log gets out of here;
 * whatever is not a name that MediaWiki could give is treated as hidden.
 */
import type { Account, EventDetails } from '../contracts/event-details.ts';
import { areTexts, isObject } from '../core/json.ts';
import type { Json } from '../core/json.ts';

const KINDS = ['edit', 'new', 'log', 'categorize'] as const;

/** Logs that only some users of a wiki may read. The stream has none of them, but a part can be written by anybody. */
const PRIVATE_LOGS = new Set(['suppress', 'oversight', 'checkuser', 'checkuser-private-event']);
const LOG_NAME = /^[a-z][a-z-]{0,31}$/;
const TAG = /^[\p{L}\p{N}][\p{L}\p{N} _:.-]{0,63}$/u;

/** A name has 255 bytes at most, and a title a namespace in front of it. */
const MAX_NAME = 255;
const MAX_TITLE = 512;
/** Never in a title: characters of the wiki syntax, and those that are not seen or turn the text around. */
const NOT_IN_TITLES =
  /[#<>[\]|{}\uFFFD\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u;
/** As in paths of files; browsers would leave the page. */
const RELATIVE = /(?:^|\/)\.{1,2}(?:\/|$)/;

const TEMPORARY = /^~\d{4}-\d+(?:-\d+)*$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}$/i;

/** What an explanation needs of an event. Never throws. */
export function readDetails(text: string): EventDetails | undefined {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(event)) return undefined;
  const kind = KINDS.find(one => one === event['type']) ?? 'other';
  const log = kind === 'log' ? publicLog(event) : undefined;
  const isChange = kind === 'edit' || kind === 'new';
  const isNewAccount = log === 'newusers' && event['log_action'] === 'create';
  return {
    kind,
    isBot: event['bot'] === true,
    title: isChange ? titleOf(event['title']) : undefined,
    account: (isChange || isNewAccount) && !isHidden(event, 'user') ? accountOf(event['user']) : undefined,
    lengths: isChange ? lengthsOf(event['length']) : undefined,
    tags: isChange && areTexts(event['tags']) ? event['tags'].filter(tag => TAG.test(tag)) : [],
    log,
    isNewAccount,
  };
}

/** Flags of the Action API; the stream leaves such fields out. */
function isHidden(event: Json, part: 'user' | 'action'): boolean {
  return [event[`${part}hidden`], event['suppressed']].some(flag => flag !== undefined && flag !== false);
}

function publicLog(event: Json): string | undefined {
  const type = event['log_type'];
  if (typeof type !== 'string' || !LOG_NAME.test(type) || PRIVATE_LOGS.has(type)) return undefined;
  return isHidden(event, 'action') ? undefined : type;
}

function titleOf(title: unknown): string | undefined {
  const isTitle =
    typeof title === 'string' &&
    title.trim() !== '' &&
    title.length <= MAX_TITLE &&
    !NOT_IN_TITLES.test(title) &&
    !RELATIVE.test(title);
  return isTitle ? title : undefined;
}

function accountOf(user: unknown): Account | undefined {
  const name = titleOf(user);
  if (name === undefined || name.length > MAX_NAME) return undefined;
  const isUnregistered = [TEMPORARY, IPV4, IPV6].some(pattern => pattern.test(name));
  return { name, kind: isUnregistered ? 'unregistered' : 'registered' };
}

function lengthsOf(length: unknown): readonly [number, number] | undefined {
  if (!isObject(length)) return undefined;
  const before = length['old'] ?? 0;
  const after = length['new'];
  return isSize(before) && isSize(after) ? [before, after] : undefined;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
