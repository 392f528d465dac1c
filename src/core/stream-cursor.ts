/**
 * The position in EventStreams and how to resume from it. Only this file knows the shape of event ids. An id is not an
 * exact position (its timestamps are 1 ms late and not monotonic, and an idle topic has `offset:-1`), so the cursor
 * keeps the highest timestamp of each topic and resumes a little before it. Events that arrive twice because of that
 * are recognised by `meta.id`. A cursor never lies in the future.
 * @see wikimedia/KafkaSSE; https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service
 */
import { isObject } from './json.ts';

export interface TopicCursor {
  readonly partition: number;
  /** Highest timestamp in an id of this topic, epoch ms. */
  readonly timestampMs: number;
  /** Highest Kafka offset seen, when events carried one. */
  readonly offset?: number;
}

export interface StreamCursor {
  /** Where reading first started, epoch ms: topics that have not delivered yet resume from here. */
  readonly startMs?: number;
  /** Never resume earlier than this, epoch ms: older events may have been counted, and that cannot be checked. */
  readonly floorMs?: number;
  readonly topics: Readonly<Record<string, TopicCursor>>;
}

/** The latest instant that a `Date` can hold. */
const LATEST_MS = 8.64e15;

export const EMPTY_CURSOR: StreamCursor = { topics: {} };

/** One topic's entry in an event id. */
export interface IdEntry {
  readonly topic: string;
  readonly partition: number;
  /** Undefined until the topic has delivered something in this connection. */
  readonly timestampMs: number | undefined;
}

/**
 * Id entries as they may become a cursor: none lies in the future. One wrong timestamp there would make the next
 * connection wait for that date, and lose everything until then.
 */
export class PastEntries {
  /** The last timestamp of each topic as its ids have it, and when it arrived, if that was earlier. */
  readonly #last = new Map<string, { readonly givenMs: number; readonly pastMs: number }>();

  /** The entries of a message that arrived at `nowMs`. */
  of(entries: readonly IdEntry[], nowMs: number): IdEntry[] {
    return entries.map(entry => {
      const { topic, timestampMs: givenMs } = entry;
      if (givenMs === undefined) return entry;
      const last = this.#last.get(topic);
      // Ids repeat the entry of a topic until it delivers again; the time that has passed meanwhile must not count.
      const pastMs = last?.givenMs === givenMs ? last.pastMs : Math.min(givenMs, nowMs);
      this.#last.set(topic, { givenMs, pastMs });
      return { ...entry, timestampMs: pastMs };
    });
  }
}

/** How to ask for what follows the cursor: by header, by query parameter, or (both undefined) from now on. */
export interface ResumePoint {
  readonly lastEventId?: string;
  readonly sinceMs?: number;
}

/** The entries of an event id; empty when its form is unknown. Never throws. */
export function readEventId(id: string): IdEntry[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(id);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((entry: unknown) => {
    if (!isObject(entry)) return [];
    const { topic, partition, timestamp } = entry;
    if (typeof topic !== 'string') return [];
    return {
      topic,
      partition: typeof partition === 'number' ? partition : 0,
      timestampMs: isInstant(timestamp) ? timestamp : undefined,
    };
  });
}

/** Whether it is a real instant. Any other value would stay in the cursor for good and spoil every resume. */
function isInstant(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LATEST_MS;
}

/** The cursor after accepting an event with these id entries, which is at `origin` in Kafka. */
export function advance(
  cursor: StreamCursor,
  entries: readonly IdEntry[],
  origin?: { readonly topic: string; readonly offset: number | undefined },
): StreamCursor {
  let topics: Record<string, TopicCursor> | undefined;
  for (const { topic, partition, timestampMs } of entries) {
    const known = cursor.topics[topic];
    // A topic that has not delivered yet resumes from where reading started.
    const next = Math.max(known?.timestampMs ?? 0, timestampMs ?? cursor.startMs ?? 0);
    const offset = origin?.topic === topic ? Math.max(known?.offset ?? -1, origin.offset ?? -1) : -1;
    const unchanged = known?.timestampMs === next && offset <= (known.offset ?? -1);
    if (unchanged) continue;
    topics ??= { ...cursor.topics };
    topics[topic] = { ...known, partition, timestampMs: next, ...(offset >= 0 && { offset }) };
  }
  return topics === undefined ? cursor : { ...cursor, topics };
}

/** The cursor with another offset for a topic, after its numbering restarted. */
export function renumber(cursor: StreamCursor, topic: string, offset: number): StreamCursor {
  const known = cursor.topics[topic];
  return known === undefined
    ? cursor
    : { ...cursor, topics: { ...cursor.topics, [topic]: { ...known, offset } } };
}

/**
 * How to resume from `overlapMs` before the cursor. The header lists every topic, because it replaces the server's own
 * list, and gives a timestamp for each, because `offset:-1` would skip what arrives while we are disconnected.
 */
export function resumePoint(cursor: StreamCursor, overlapMs: number): ResumePoint {
  const topics = Object.entries(cursor.topics);
  if (topics.length === 0) return cursor.startMs === undefined ? {} : { sinceMs: cursor.startMs };
  const entries = topics.map(([topic, { partition, timestampMs }]) => ({
    topic,
    partition,
    timestamp: Math.max(cursor.floorMs ?? 0, timestampMs - overlapMs),
  }));
  return { lastEventId: JSON.stringify(entries) };
}
