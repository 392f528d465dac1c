/**
 * The Action API of every wiki: `list=recentchanges` and `action=sitematrix`, from the same history as the stream.
 * Guarantee: following `continue` lists each change once, in the order (timestamp, rcid). Changes older than the
 * retention are silently missing. Invalid requests get the real API's errors, with status 200.
 */

import { CHANGE_TYPES, isListed, rowOf } from './api-rows.ts';
import type { Change } from './change.ts';
import type { ChangeIndex } from './change-index.ts';
import { rcidOf } from './particulars.ts';
import { siteMatrix } from './sitematrix.ts';
import { WIKIS } from './wikis.ts';

/** A response of the API. */
export interface ApiReply {
  readonly body: unknown;
  /** Number of changes in the body. */
  readonly rows: number;
}

/** The current table of recent changes. */
export interface ApiSource {
  readonly index: ChangeIndex;
  readonly nowMs: number;
  readonly retentionMs: number;
}

type Query = URLSearchParams;

const HOUR = 3600;
const MAX_ROWS = 500;
/** Maximum hours that one response computes; the next page continues from there. */
const MAX_HOURS = 240;
const PROPS = [
  'user',
  'userid',
  'comment',
  'parsedcomment',
  'flags',
  'timestamp',
  'title',
  'ids',
  'sizes',
  'loginfo',
  'tags',
  'redirect',
  'sha1',
];
const DEFAULT_PROPS = 'title|timestamp|ids';

/** Answers a request to a wiki's API. @returns undefined when no wiki has this host */
export function askApi(host: string, query: Query, source: ApiSource): ApiReply | undefined {
  const wiki = WIKIS.find(known => known.host === host);
  if (wiki === undefined) return undefined;
  try {
    if (query.get('format') !== 'json')
      return { body: '<!DOCTYPE html><title>MediaWiki API result</title>', rows: 0 };
    if (query.get('action') === 'sitematrix') return { body: siteMatrix(formatOf(query)), rows: 0 };
    if (query.get('action') !== 'query')
      throw new ApiError(
        'badvalue',
        `Unrecognized value for parameter "action": ${query.get('action') ?? ''}.`,
      );
    if (query.get('list') !== 'recentchanges') return { body: { batchcomplete: true }, rows: 0 };
    return recentChanges(wiki.db, query, source);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { body: errorBody(error.code, error.message), rows: 0 };
  }
}

/** The body of an error; it is the same in formatversion 1 and 2. */
export function errorBody(code: string, info: string): object {
  return { error: { code, info, docref: 'See /w/api.php for API usage.' }, servedby: 'simulated' };
}

class ApiError extends Error {
  readonly code: string;
  constructor(code: string, info: string) {
    super(info);
    this.code = code;
  }
}

/** A position in the table: the first row of a page. */
interface Place {
  /** epoch seconds */
  readonly timestamp: number;
  readonly rcid: number;
}

function recentChanges(db: string, query: Query, { index, nowMs, retentionMs }: ApiSource): ApiReply {
  const isNewer = dirOf(query) === 'newer';
  const [first, last] = isNewer ? ['rcstart', 'rcend'] : ['rcend', 'rcstart'];
  const now = Math.floor(nowMs / 1000);
  const oldest = Math.ceil((nowMs - retentionMs) / 1000);
  const from = Math.max(secondOf(query, first) ?? 0, oldest);
  const to = Math.min(secondOf(query, last) ?? now, now);
  const limit = limitOf(query);
  const types = listOf(query, 'rctype', CHANGE_TYPES.join('|'), [...CHANGE_TYPES, 'external']);
  const props = listOf(query, 'rcprop', DEFAULT_PROPS, PROPS);
  const start =
    placeOf(query) ?? (isNewer ? { timestamp: from, rcid: 0 } : { timestamp: to, rcid: Infinity });
  const isAfter = (change: Change): boolean => {
    const order = change.timestamp - start.timestamp || rcidOf(change) - start.rcid;
    return isNewer ? order >= 0 : order <= 0;
  };
  const found: Change[] = [];
  let next: Place | undefined;
  let hours = 0;
  let hour = Math.floor(Math.min(Math.max(start.timestamp, from), to) / HOUR) * HOUR;
  for (; hour + HOUR > from && hour <= to; hour += isNewer ? HOUR : -HOUR) {
    if (!index.has(hour) && ++hours > MAX_HOURS) {
      next = { timestamp: isNewer ? hour : hour + HOUR - 1, rcid: isNewer ? 0 : Number.MAX_SAFE_INTEGER };
      break;
    }
    const listed = (index.hour(hour, nowMs).get(db) ?? []).filter(
      change =>
        types.has(change.deed.type) &&
        change.timestamp >= from &&
        change.timestamp <= to &&
        isAfter(change) &&
        isListed(change),
    );
    if (!isNewer) listed.reverse();
    for (const change of listed) {
      if (found.length === limit) {
        next = { timestamp: change.timestamp, rcid: rcidOf(change) };
        break;
      }
      found.push(change);
    }
    if (next !== undefined) break;
  }
  const formatversion = formatOf(query);
  const body = {
    ...(next === undefined && { batchcomplete: formatversion === 2 ? true : '' }),
    ...(next !== undefined && { continue: { rccontinue: textOf(next), continue: '-||' } }),
    query: { recentchanges: found.map(change => rowOf(change, { props, formatversion })) },
  };
  return { body, rows: found.length };
}

function formatOf(query: Query): 1 | 2 {
  const text = query.get('formatversion') ?? '1';
  if (text === '1') return 1;
  if (text === '2' || text === 'latest') return 2;
  throw new ApiError('badvalue', `Unrecognized value for parameter "formatversion": ${text}.`);
}

function dirOf(query: Query): string {
  const dir = query.get('rcdir') ?? 'older';
  if (dir !== 'older' && dir !== 'newer')
    throw new ApiError('badvalue', `Unrecognized value for parameter "rcdir": ${dir}.`);
  return dir;
}

function limitOf(query: Query): number {
  const text = query.get('rclimit') ?? '10';
  if (text === 'max') return MAX_ROWS;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1)
    throw new ApiError('badinteger', `Invalid value "${text}" for integer parameter "rclimit".`);
  return Math.min(limit, MAX_ROWS);
}

function listOf(query: Query, name: string, fallback: string, known: readonly string[]): Set<string> {
  const items = (query.get(name) ?? fallback).split('|').filter(item => item !== '');
  const unknown = items.find(item => !known.includes(item));
  if (unknown === 'patrolled')
    throw new ApiError('permissiondenied', 'You need the "patrol" right to request the patrolled flag.');
  if (unknown !== undefined)
    throw new ApiError('badvalue', `Unrecognized value for parameter "${name}": ${unknown}.`);
  return new Set(items);
}

/** ISO 8601, MediaWiki's fourteen digits, or epoch seconds. */
function secondOf(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const ms = /^\d{14}$/.test(text) ? msOf(text) : /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(ms))
    throw new ApiError('badtimestamp', `Invalid value "${text}" for timestamp parameter "${name}".`);
  return Math.floor(ms / 1000);
}

function placeOf(query: Query): Place | undefined {
  const text = query.get('rccontinue');
  if (text === null) return undefined;
  const [, digits = '', rcid] = /^(\d{14})\|(\d+)$/.exec(text) ?? [];
  const ms = msOf(digits);
  if (rcid === undefined || Number.isNaN(ms))
    throw new ApiError(
      'badcontinue',
      'Invalid continue param. You should pass the original value returned by the previous query.',
    );
  return { timestamp: ms / 1000, rcid: Number(rcid) };
}

function msOf(digits: string): number {
  return Date.parse(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));
}

function textOf({ timestamp, rcid }: Place): string {
  return `${new Date(timestamp * 1000).toISOString().replace(/\D/g, '').slice(0, 14)}|${rcid}`;
}
