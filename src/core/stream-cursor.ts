/**
 * Where the reading of EventStreams stands, and how to ask for what comes next. Only this file knows the shape of
 * event ids. An id is no exact position (timestamps + 1 ms, not monotonic, `offset:-1` on a topic that is idle), so
 * the cursor keeps the highest timestamp per topic and asks again from a little before it; what is
 * delivered twice by that is recognised by `meta.id`.
 * @see wikimedia/KafkaSSE; https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service
 */

export interface TopicCursor {
  readonly partition: number;
  /** Highest timestamp in an id of this topic, epoch ms. */
  readonly timestampMs: number;
  /** Highest Kafka offset seen, when events carried one. */
  readonly offset?: number;
}

export interface StreamCursor {
  /** Where the stream was first asked to begin, epoch ms: topics that never delivered are asked from here. */
  readonly startMs?: number;
  /** Nothing earlier is ever asked for again, epoch ms: it may have been counted, and nobody could tell. */
  readonly floorMs?: number;
  readonly topics: Readonly<Record<string, TopicCursor>>;
}

/** The last instant of a Date. */
const LATEST_MS = 8.64e15;

export const EMPTY_CURSOR: StreamCursor = { topics: {} };

/** One topic's entry in an event id. */
export interface IdEntry {
  readonly topic: string;
  readonly partition: number;
  /** Undefined while the topic has delivered nothing in the connection. */
  readonly timestampMs: number | undefined;
}

/** How to ask for what follows the cursor: a header, a query parameter, or (both undefined) just what comes. */
export interface ResumePoint {
  readonly lastEventId?: string;
  readonly sinceMs?: number;
}

/** The entries of an event id; empty when it is not in the known form. Never throws. */
export function readEventId(id: string): IdEntry[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(id);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { topic, partition, timestamp } = entry as Record<string, unknown>;
    if (typeof topic !== 'string') return [];
    return {
      topic,
      partition: typeof partition === 'number' ? partition : 0,
      timestampMs: isInstant(timestamp) ? timestamp : undefined,
    };
  });
}

/** A millisecond that a clock can show: anything else would be asked for ever after. */
function isInstant(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LATEST_MS;
}

/** The cursor after an event with these id entries, found at `origin` in Kafka, was taken in. */
export function advance(
  cursor: StreamCursor,
  entries: readonly IdEntry[],
  origin?: { readonly topic: string; readonly offset: number | undefined },
): StreamCursor {
  let topics: Record<string, TopicCursor> | undefined;
  for (const { topic, partition, timestampMs } of entries) {
    const known = cursor.topics[topic];
    // A topic that has not delivered is known by name only: it is asked for from the start of the reading.
    const next = Math.max(known?.timestampMs ?? 0, timestampMs ?? cursor.startMs ?? 0);
    const offset = origin?.topic === topic ? Math.max(known?.offset ?? -1, origin.offset ?? -1) : -1;
    const unchanged = known?.timestampMs === next && offset <= (known.offset ?? -1);
    if (unchanged) continue;
    topics ??= { ...cursor.topics };
    topics[topic] = { ...known, partition, timestampMs: next, ...(offset >= 0 && { offset }) };
  }
  return topics === undefined ? cursor : { ...cursor, topics };
}

/** The cursor with another offset of a topic: its numbers have begun anew. */
export function renumber(cursor: StreamCursor, topic: string, offset: number): StreamCursor {
  const known = cursor.topics[topic];
  return known === undefined
    ? cursor
    : { ...cursor, topics: { ...cursor.topics, [topic]: { ...known, offset } } };
}

/**
 * How to ask again from `overlapMs` before the cursor. Every topic goes into the header as a timestamp: the header
 * replaces the topic list of the server, and `offset:-1` would skip what arrives while we are away.
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
