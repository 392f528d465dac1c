/**
 * ② Judges one event of the recentchange stream: canary, usable event, or dead letter with its reason. The answer
 * depends on the text alone, except that `nowMs` bounds timestamps in the future.
 * @see EventStreams schema mediawiki/recentchange/1.0.0
 */
import { isObject } from '../core/json.ts';
import type { Json } from '../core/json.ts';
import { dead, sentNear } from '../core/reading.ts';
import type { BackfillRules, Edit, JudgeRules, Known, Origin, Reading } from '../core/reading.ts';
import { DAY_MS, FIRST_DAY_MS, instantOf } from '../core/time.ts';
import { isWikiName } from '../core/wiki-name.ts';

/** Epoch seconds: no edit is older. */
export const EARLIEST = FIRST_DAY_MS / 1000;
/** The end of the year 9999: the last second that plain ISO 8601, and so every store, can express. */
export const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
/** Sizes are summed in a 32-bit column; a wiki page has at most a few MiB. */
const INT32_MAX = 2 ** 31 - 1;

/**
 * Judges one event by the text of its `data:` field or of its line in bronze. Never throws. With `needsId: false` a
 * change without `meta.id` is usable and its `id` is undefined; nothing else differs.
 */
export function readRecentChange(text: string, countedTypes: ReadonlySet<string>, rules: JudgeRules): Reading;
export function readRecentChange(
  text: string,
  countedTypes: ReadonlySet<string>,
  rules: JudgeRules | BackfillRules,
): Reading<string | undefined>;
export function readRecentChange(
  text: string,
  countedTypes: ReadonlySet<string>,
  rules: JudgeRules | BackfillRules,
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
  const sentAtMs = instantOf(meta['dt']);
  if (meta['domain'] === 'canary')
    return { kind: 'canary', origin, ...(sentAtMs !== undefined && { sentAtMs }) };

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
  if (typeof type === 'string' && countedTypes.has(type)) {
    const revision = isObject(event['revision']) ? event['revision']['new'] : undefined;
    if (!isInteger(revision)) return dead('bad_revision', known);
    const bytesChange = lengthChange(event['length']);
    if (bytesChange === undefined) return dead('bad_length', known);
    edit = { revision, isBot: event['bot'] === true, bytesChange };
  }
  return { kind: 'event', id, wiki, timestamp, sentAtMs: sentNear(timestamp * 1000, sentAtMs), origin, edit };
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
  const { topic, partition, offset } = meta;
  if (typeof topic !== 'string') return undefined;
  return {
    topic,
    ...(isInteger(partition) && partition > 0 && { partition }),
    offset: isInteger(offset) ? offset : undefined,
  };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Whether a value can be the length of a page. */
export function isSize(value: unknown): value is number {
  return isInteger(value) && Math.abs(value) <= INT32_MAX;
}
