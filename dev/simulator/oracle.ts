/**
 * The exact counts that a correct pipeline must produce, computed from the facts instead of the messages.
 * Guarantee: events count in the minute of their `timestamp`, however late they arrive, and each counts once.
 */

import type { GarbageKind } from './garbage.ts';
import type { Fact, MessageLog, Source } from './message-log.ts';

/** Edits of one wiki in one minute, by bots or by others. */
export interface MinuteCount {
  /** `2026-11-20T10:05:00Z` */
  readonly ts_minute: string;
  readonly wiki: string;
  readonly is_bot: boolean;
  readonly edits: number;
  readonly bytes_change: number;
}

/** What to count. Times are epoch seconds of event time. */
interface OracleQuestion {
  readonly from: number;
  /** exclusive */
  readonly to: number;
  readonly types: ReadonlySet<string>;
  /** undefined = all */
  readonly wikis: ReadonlySet<string> | undefined;
}

/** One event in the output of `/oracle/events`. */
export interface ListedEvent {
  readonly id: string;
  readonly wiki: string;
  /** epoch seconds */
  readonly timestamp: number;
  readonly type: string;
  readonly topic: string;
  readonly offset: number;
  readonly dt: string;
}

/** How often long counts yield to the streams, ms. */
const SLICE_MS = 20;

/** Iterates in portions and lets other work run in between. */
export async function* withBreaks<T>(portions: Iterable<T>): AsyncGenerator<T> {
  let begun = performance.now();
  for (const portion of portions) {
    yield portion;
    if (performance.now() - begun < SLICE_MS) continue;
    await new Promise(resolve => setImmediate(resolve));
    begun = performance.now();
  }
}

function isoMinute(minute: number): string {
  return `${new Date(minute * 60_000).toISOString().slice(0, 16)}:00Z`;
}

/** Four numbers per wiki and minute: edits and bytes of others, edits and bytes of bots. */
type Sums = [number, number, number, number];

/** Counts by (minute, wiki, is_bot), sorted; omits rows without edits. @param nowMs later arrivals do not count */
export async function countMinutes(
  source: Pick<Source, 'facts'>,
  question: OracleQuestion,
  nowMs: number,
): Promise<MinuteCount[]> {
  const { from, to, types, wikis } = question;
  const minutes = new Map<number, Map<string, Sums>>();
  for await (const facts of withBreaks(source.facts(from, to, nowMs))) {
    for (const { timestamp, wiki, type, bot, bytesChange } of facts) {
      if (!types.has(type) || wikis?.has(wiki) === false) continue;
      const minute = Math.floor(timestamp / 60);
      const ofMinute = minutes.get(minute) ?? new Map<string, Sums>();
      const sums: Sums = ofMinute.get(wiki) ?? [0, 0, 0, 0];
      if (bot) {
        sums[2] += 1;
        sums[3] += bytesChange;
      } else {
        sums[0] += 1;
        sums[1] += bytesChange;
      }
      ofMinute.set(wiki, sums);
      minutes.set(minute, ofMinute);
    }
  }
  const rows: MinuteCount[] = [];
  for (const [minute, ofMinute] of [...minutes].sort(([a], [b]) => a - b)) {
    const ts_minute = isoMinute(minute);
    for (const [wiki, sums] of [...ofMinute].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (sums[0] > 0) rows.push({ ts_minute, wiki, is_bot: false, edits: sums[0], bytes_change: sums[1] });
      if (sums[2] > 0) rows.push({ ts_minute, wiki, is_bot: true, edits: sums[2], bytes_change: sums[3] });
    }
  }
  return rows;
}

/** An event as it is listed. */
export function listed({ id, wiki, timestamp, type, topic, offset, dtMs }: Fact): ListedEvent {
  return { id: id(), wiki, timestamp, type, topic, offset, dt: new Date(dtMs).toISOString() };
}

/** Number of events of all types with a `timestamp` in the range. */
export async function countEvents(
  source: Source,
  from: number,
  to: number,
  nowMs: number,
): Promise<{ events: number; by_type: Record<string, number> }> {
  const by_type: Record<string, number> = {};
  let events = 0;
  for await (const facts of withBreaks(source.facts(from, to, nowMs))) {
    events += facts.length;
    for (const { type } of facts) by_type[type] = (by_type[type] ?? 0) + 1;
  }
  return { events, by_type };
}

/** Garbage in a time range. */
interface GarbageCount {
  /** messages, each counted once even if delivered repeatedly */
  readonly messages: number;
  /** messages with distinct bytes: all empty objects are the same */
  readonly distinct: number;
  readonly kinds: Partial<Record<GarbageKind, number>>;
}

/**
 * Counts the garbage that follows messages with a Kafka timestamp in [from, to), at the current share.
 * @param kindAfter the garbage that follows an offset of a log
 */
export async function countGarbage(
  source: Source,
  kindAfter: (log: MessageLog, offset: number) => GarbageKind | undefined,
  from: number,
  to: number,
  nowMs: number,
): Promise<GarbageCount> {
  const kinds: Partial<Record<GarbageKind, number>> = {};
  let messages = 0;
  for (const log of source.logs) {
    for await (const offset of withBreaks(log.offsetsBetween(from, to, nowMs))) {
      const kind = kindAfter(log, offset);
      if (kind === undefined) continue;
      messages++;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
  }
  const empty = kinds['empty-object'] ?? 0;
  return { messages, distinct: messages - Math.max(0, empty - 1), kinds };
}
