/**
 * ⑧ The newest minutes of a wiki as `GET /api/v1/live` has told them. Values are totals, so an event that comes twice
 * changes nothing. Pure: the clock is a parameter.
 */
import type { STATE_LETTERS } from '../core/coverage/standing.ts';
import { isoSeconds, minuteOf } from '../core/time.ts';
import type { Health } from './freshness-state.ts';

export const LIVE_EVENTS = ['snapshot', 'minutes', 'status', 'pipeline'] as const;

export type LiveEvent =
  | { readonly name: 'snapshot' | 'minutes'; readonly wiki: string; readonly minutes: readonly LiveMinute[] }
  | {
      readonly name: 'status';
      readonly completeThrough: string | null;
      readonly newest: string | null;
      readonly feed: Live['feed'];
    }
  | ({ readonly name: 'pipeline'; readonly version: string } & Health);

export interface LiveMinute {
  readonly ts: string;
  /** Null: not known. */
  readonly human: number | null;
  readonly bot: number | null;
  readonly state: (typeof STATE_LETTERS)[keyof typeof STATE_LETTERS];
}

/** A minute with the highest counts that were told of it. */
export interface HeldMinute extends LiveMinute {
  /** The API says less now. */
  readonly less?: Pick<LiveMinute, 'human' | 'bot'> & { readonly sinceMs: number };
}

export interface Live {
  readonly wiki: string;
  /** By `ts`, ascending, without holes. The last hour, and what was told before of earlier minutes. */
  readonly minutes: ReadonlyMap<string, HeldMinute>;
  /** `lost`: no worker tells what it reads, and only gold is shown. */
  readonly feed: 'live' | 'lost';
  /** Everything before is complete; '' when that is not known. */
  readonly completeThrough: string;
  /** The feed has read everything before this minute; '' when that is not known. */
  readonly readTo: string;
  /** How the pipeline is; undefined until it is told. */
  readonly health: Health | undefined;
  /** Another one when gaps, backfills or sources have changed; '' until it is told. */
  readonly version: string;
}

/** The API sends the last hour. */
const WINDOW_SEC = 3_600;
/** The other requests are repeated every hour, so earlier minutes are not needed. */
const KEPT_SEC = 6 * WINDOW_SEC;
/** So long the API itself remembers what is not in gold. */
export const HELD_MS = 600_000;

export function nothingHeard(wiki: string): Live {
  return {
    wiki,
    minutes: new Map(),
    feed: 'live',
    completeThrough: '',
    readTo: '',
    health: undefined,
    version: '',
  };
}

/** The same object when nothing changes that is shown, as once a second. */
export function hear(live: Live, event: LiveEvent, nowMs: number): Live {
  if (event.name === 'pipeline') {
    const { name: _, version, ...health } = event;
    return { ...live, health, version };
  }
  if (event.name === 'status') {
    const { feed } = event;
    // An API that has just started does not know yet.
    const completeThrough = later(live.completeThrough, event.completeThrough);
    const newest = event.newest === null ? null : isoSeconds(minuteOf(Date.parse(event.newest) / 1000));
    const readTo = later(live.readTo, newest);
    const isNew = feed !== live.feed || completeThrough !== live.completeThrough || readTo !== live.readTo;
    return isNew ? { ...live, feed, completeThrough, readTo } : live;
  }
  const { wiki, minutes } = event;
  if (wiki !== live.wiki || minutes.length === 0) return live;
  return { ...live, minutes: joined(live.minutes, minutes, nowMs) };
}

function joined(before: Live['minutes'], told: readonly LiveMinute[], nowMs: number): Live['minutes'] {
  const last = secondOf([...before.keys()].at(-1) ?? '');
  const first = secondOf(told[0]?.ts ?? '');
  // After a night asleep, nothing is known of what lies between.
  const all = new Map(first > last + 60 ? [] : before);
  for (const minute of told) all.set(minute.ts, held(all.get(minute.ts), minute, nowMs));
  const ascending = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  const keptFrom = isoSeconds(secondOf(ascending.at(-1)?.[0] ?? '') - KEPT_SEC);
  return new Map(ascending.filter(([ts]) => ts > keptFrom));
}

/**
 * Only the rebuild of an hour lowers a number, and a minute does not leave gold again. An API that has just started, or
 * has lost its feed, says less than another one has said until it has heard everything.
 */
function held(shown: HeldMinute | undefined, told: LiveMinute, nowMs: number): HeldMinute {
  if (shown === undefined || told.state === 'f') return told;
  const state = isInGold(shown) && (told.state === 'n' || told.state === 'u') ? shown.state : told.state;
  const { ts, human, bot } = told;
  const [before, sinceMs] = [countsOf(shown, nowMs), shown.less?.sinceMs ?? nowMs];
  if (totalOf(told) >= totalOf(before)) return { ts, human, bot, state };
  return { ts, human: before.human, bot: before.bot, state, less: { human, bot, sinceMs } };
}

/** What to show of a minute. */
export function countsOf({ human, bot, less }: HeldMinute, nowMs: number): Pick<LiveMinute, 'human' | 'bot'> {
  return less !== undefined && nowMs - less.sinceMs >= HELD_MS ? less : { human, bot };
}

function isInGold({ state }: LiveMinute): boolean {
  return state === 'p' || state === 'f';
}

/** -1 when it is not known. */
export function totalOf({ human, bot }: Pick<LiveMinute, 'human' | 'bot'>): number {
  return human === null || bot === null ? -1 : human + bot;
}

/** First minute of what the API still tells about. */
export function windowStart({ minutes }: Live): string {
  return isoSeconds(secondOf([...minutes.keys()].at(-1) ?? '') - WINDOW_SEC + 60);
}

/**
 * Changes when something has changed that the API does not tell in its events: an hour was rebuilt, which also changes
 * earlier minutes; an hour has passed; what was not read, or lost, has an end. Behind such a hole, `completeThrough` does
 * not say what is complete, so then it changes each minute. Undefined until the API has looked at gold.
 */
export function staleKey(live: Live): string | undefined {
  const all = [...live.minutes.values()];
  if (!all.some(isInGold)) return undefined;
  const start = windowStart(live);
  const window = all.filter(({ ts }) => ts >= start);
  const lastRead = window.findLastIndex(isRead);
  const isBroken = window.slice(0, Math.max(lastRead, 0)).some(minute => !isRead(minute));
  const rebuilt = window.findLast(({ state }) => state === 'f')?.ts ?? '';
  const newest = window.at(-1)?.ts ?? '';
  return `${hourOf(rebuilt)} ${isBroken ? newest : hourOf(newest)}`;
}

function isRead({ state }: LiveMinute): boolean {
  return state !== 'u' && state !== 'g';
}

function hourOf(ts: string): string {
  return ts.slice(0, 13);
}

function later(a: string, b: string | null): string {
  return b === null || b < a ? a : b;
}

function secondOf(ts: string): number {
  return ts === '' ? -Infinity : Date.parse(ts) / 1000;
}
