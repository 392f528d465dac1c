/**
 * ② One event of the recentchange stream, judged: canary, usable event, or dead letter with its reason.
 * Pure: the same text gives the same answer, but for `nowMs`, which bounds timestamps from the future.
 * @see EventStreams schema mediawiki/recentchange/1.0.0
 */
import { isObject } from './json.ts';
import type { Json } from './json.ts';

/** Why an event cannot be used; kept beside its bytes in the dead letters. */
export type DeadReason =
  | 'invalid_utf8'
  | 'not_json'
  | 'not_object'
  | 'missing_meta_id'
  | 'bad_wiki'
  | 'bad_timestamp'
  | 'bad_revision'
  | 'bad_length';

/** `Id` is `string`, except where changes without a `meta.id` are let through (`BackfillRules`). */
export interface UsableEvent<Id extends string | undefined = string> {
  readonly kind: 'event';
  /** `meta.id`: unique over the stream, the key of de-duplication. */
  readonly id: Id;
  readonly wiki: string;
  /** Event time in epoch seconds. */
  readonly timestamp: number;
  /** When the intake service received it (`meta.dt`), epoch ms; the event time where that makes no sense. */
  readonly sentAtMs: number;
  readonly origin: Origin | undefined;
  /** Present when the type is one of the counted types. */
  readonly edit: Edit | undefined;
}

export interface Edit {
  /** Revision id, unique within its wiki. */
  readonly revision: number;
  readonly isBot: boolean;
  /** `length.new - length.old` in bytes; a missing side counts as 0. */
  readonly bytesChange: number;
}

/** Where in Kafka an event lies; `offset` exceeds 32 bits. */
export interface Origin {
  readonly topic: string;
  readonly offset: number | undefined;
}

export interface Canary {
  readonly kind: 'canary';
  readonly origin: Origin | undefined;
}

export interface DeadEvent {
  readonly kind: 'dead';
  readonly reason: DeadReason;
  /** `meta.id`, when the event had at least that. */
  readonly id: string | undefined;
  /** `meta.dt` as it is, epoch ms. */
  readonly sentAtMs: number | undefined;
  readonly origin: Origin | undefined;
  /** `wiki` as a valid name, when it had one: a filter on wikis applies to dead letters too. */
  readonly wiki: string | undefined;
}

export type Reading<Id extends string | undefined = string> = UsableEvent<Id> | Canary | DeadEvent;

export interface ReadingRules {
  readonly editTypes: ReadonlySet<string>;
  /** The instant of reading, epoch ms; `Infinity` accepts any future timestamp. */
  readonly nowMs: number;
  /** Whether a change without `meta.id` is a dead letter, as it is in the stream. */
  readonly needsId?: true;
}

/** For changes of the Action API and the dumps: they have no `meta.id` (one that is there must still be an id). */
export interface BackfillRules extends Omit<ReadingRules, 'needsId'> {
  readonly needsId: false;
}

const WIKI = /^[a-z0-9_]{1,64}$/;
/** Wikipedia's first day: nothing in the stream can be older. */
const EARLIEST = Date.UTC(2001, 0, 15) / 1000;
const DAY_SECONDS = 86_400;
/** The end of the year 9999: the last instant that ISO 8601 and every store can write. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
/** Sizes are summed into a 32-bit column; a wiki page has at most a few MiB. */
const INT32_MAX = 2 ** 31 - 1;

/** Whether `name` can be the database name of a wiki. */
export function isWikiName(name: string): boolean {
  return WIKI.test(name);
}

/**
 * Judges one event from the text of its `data:` field, or of a line of bronze. Never throws. With `needsId: false`
 * a change without `meta.id` is usable and its `id` undefined; all else is judged alike.
 */
export function readRecentChange(text: string, rules: ReadingRules): Reading;
export function readRecentChange(
  text: string,
  rules: ReadingRules | BackfillRules,
): Reading<string | undefined>;
export function readRecentChange(
  text: string,
  rules: ReadingRules | BackfillRules,
): Reading<string | undefined> {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return dead('not_json', {});
  }
  if (!isObject(event)) return dead('not_object', {});
  const meta = isObject(event['meta']) ? event['meta'] : {};
  const origin = readOrigin(meta);
  if (meta['domain'] === 'canary') return { kind: 'canary', origin };

  const sentAtMs = instantOf(meta['dt']);
  const known: Known = { origin, ...(sentAtMs !== undefined && { sentAtMs }) };
  const id = meta['id'];
  const mayLackId = rules.needsId === false && id === undefined;
  if (!mayLackId && !isId(id)) return dead('missing_meta_id', known);
  if (id !== undefined) known.id = id;

  const { wiki, timestamp, type } = event;
  if (typeof wiki !== 'string' || !WIKI.test(wiki)) return dead('bad_wiki', known);
  known.wiki = wiki;
  const latest = Math.min(rules.nowMs / 1000 + DAY_SECONDS, LATEST);
  if (!isInteger(timestamp) || timestamp < EARLIEST || timestamp > latest)
    return dead('bad_timestamp', known);

  let edit: Edit | undefined;
  if (typeof type === 'string' && rules.editTypes.has(type)) {
    const revision = isObject(event['revision']) ? event['revision']['new'] : undefined;
    if (!isInteger(revision)) return dead('bad_revision', known);
    const bytesChange = lengthChange(event['length']);
    if (bytesChange === undefined) return dead('bad_length', known);
    edit = { revision, isBot: event['bot'] === true, bytesChange };
  }
  return { kind: 'event', id, wiki, timestamp, sentAtMs: sentNear(timestamp * 1000, sentAtMs), origin, edit };
}

/** An instant in ISO 8601 as epoch ms; undefined when it is anything else. */
export function instantOf(text: unknown): number | undefined {
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

/** Intake takes seconds, a source that was down some hours; a `meta.dt` further away than this is a mistake. */
const MAX_DELAY_MS = 30 * 86_400_000;

/**
 * When an event was sent, epoch ms: what it says itself, unless that is missing or lies far from `reference`. One
 * wrong clock must not move the watermark years on. Depends on the event alone: the same at each delivery.
 */
export function sentNear(referenceMs: number, sentAtMs: number | undefined): number {
  if (sentAtMs === undefined || Math.abs(sentAtMs - referenceMs) > MAX_DELAY_MS) return referenceMs;
  return sentAtMs;
}

interface Known {
  id?: string;
  sentAtMs?: number;
  origin?: Origin | undefined;
  wiki?: string;
}

/** A dead letter for bytes that are not even text. */
export function dead(reason: DeadReason, known: Known): DeadEvent {
  const { id, sentAtMs, origin, wiki } = known;
  return { kind: 'dead', reason, id, sentAtMs, origin, wiki };
}

/** New minus old length, or undefined when a side is there but is not a size. MediaWiki leaves out what is null. */
function lengthChange(length: unknown): number | undefined {
  if (length === undefined || length === null) return 0;
  if (!isObject(length)) return undefined;
  const before = length['old'] ?? 0;
  const after = length['new'] ?? 0;
  return isSize(before) && isSize(after) ? after - before : undefined;
}

function readOrigin(meta: Json): Origin | undefined {
  const { topic, offset } = meta;
  return typeof topic === 'string' ? { topic, offset: isInteger(offset) ? offset : undefined } : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isSize(value: unknown): value is number {
  return isInteger(value) && Math.abs(value) <= INT32_MAX;
}
