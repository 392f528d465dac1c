/**
 * ② Judges one event of the recentchange stream: canary, usable event, or dead letter with its reason. The answer
 * depends on the text alone, except that `nowMs` bounds timestamps in the future.
 *
 * This folder, core, has the pure parts of the pipeline: events and their judgement, minute counts, cursors, gaps,
 * backfill plans and time. It does no I/O, reads no clock, uses no randomness and imports no library.
 * @see EventStreams schema mediawiki/recentchange/1.0.0
 */
import { isObject } from './json.ts';
import type { Json } from './json.ts';
import { DAY_MS, FIRST_DAY_MS, instantOf } from './time.ts';
import { isWikiName } from './wiki-name.ts';

/** Why an event is unusable; stored with its bytes in the dead letters. */
export const DEAD_REASONS = [
  'invalid_utf8',
  'not_json',
  'not_object',
  'missing_meta_id',
  'bad_wiki',
  'bad_timestamp',
  'bad_revision',
  'bad_length',
] as const;
export type DeadReason = (typeof DEAD_REASONS)[number];

/** `Id` is `string`, except where `BackfillRules` accept changes without a `meta.id`. */
export interface UsableEvent<Id extends string | undefined = string> {
  readonly kind: 'event';
  /** `meta.id`: unique in the stream, the key for removing duplicates. */
  readonly id: Id;
  readonly wiki: string;
  /** Event time in epoch seconds. */
  readonly timestamp: number;
  /** When Wikimedia's intake received it (`meta.dt`), epoch ms; the event time when `meta.dt` is missing or absurd. */
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

/** The position of an event in Kafka; `offset` exceeds 32 bits. */
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
  /** `meta.id`, when it is valid. */
  readonly id: string | undefined;
  /** `meta.dt` as given, epoch ms. */
  readonly sentAtMs: number | undefined;
  readonly origin: Origin | undefined;
  /** `wiki`, when it is a valid name: FILTER_WIKI applies to dead letters too. */
  readonly wiki: string | undefined;
}

export type Reading<Id extends string | undefined = string> = UsableEvent<Id> | Canary | DeadEvent;

export interface ReadingRules {
  readonly editTypes: ReadonlySet<string>;
  /** The current time, epoch ms; `Infinity` accepts any future timestamp. */
  readonly nowMs: number;
  /** A change without `meta.id` is a dead letter; the default. */
  readonly needsId?: true;
}

/** For changes from the Action API and the dumps, which have no `meta.id`. If there is one, it must be valid. */
export interface BackfillRules extends Omit<ReadingRules, 'needsId'> {
  readonly needsId: false;
}

const EARLIEST = FIRST_DAY_MS / 1000;
/** The end of the year 9999: the last second that plain ISO 8601, and so every store, can express. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
/** Sizes are summed in a 32-bit column; a wiki page has at most a few MiB. */
const INT32_MAX = 2 ** 31 - 1;

/**
 * Judges one event by the text of its `data:` field or of its line in bronze. Never throws. With `needsId: false` a
 * change without `meta.id` is usable and its `id` is undefined; nothing else differs.
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
  if (typeof wiki !== 'string' || !isWikiName(wiki)) return dead('bad_wiki', known);
  known.wiki = wiki;
  const latest = Math.min((rules.nowMs + DAY_MS) / 1000, LATEST);
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

/** Intake takes seconds, or hours after an outage. A `meta.dt` further from the event time than this is wrong. */
const MAX_DELAY_MS = 30 * DAY_MS;

/**
 * When an event was sent, epoch ms: its own `meta.dt`, or `referenceMs` when that is missing or far off. One wrong
 * clock must not move the watermark by years. The answer depends on the event alone, so every delivery gets the same.
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

/** A dead letter with what is known of its event. */
export function dead(reason: DeadReason, known: Known): DeadEvent {
  const { id, sentAtMs, origin, wiki } = known;
  return { kind: 'dead', reason, id, sentAtMs, origin, wiki };
}

/** New minus old length; undefined when a side is present but not a size. MediaWiki omits a side that is null. */
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
