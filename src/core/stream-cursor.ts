/**
 * The position in EventStreams and how to resume from it. Only this file knows the shape of event ids. An id is not an
 * exact position (its timestamps are 1 ms late and not monotonic, and an idle topic has `offset:-1`), so the cursor
 * keeps the highest timestamp of each partition and resumes a little before it. Events that arrive twice because of that
 * are recognised by `meta.id`. A cursor never lies in the future.
 * @see wikimedia/KafkaSSE; https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service
 */
import { isObject } from './json.ts';
import type { Origin } from './reading.ts';

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
  /** By topic: its partition 0, which is all that a topic of Wikimedia has, or another one while 0 is unknown. */
  readonly topics: Readonly<Record<string, TopicCursor>>;
  /** The other partitions, by their `partitionName`. */
  readonly partitions?: Readonly<Record<string, TopicCursor>>;
}

/** A partition's position, and its topic. */
export interface PartitionCursor extends TopicCursor {
  readonly topic: string;
}

/** Names a partition; partition 0 has the name of its topic. */
export function partitionName({ topic, partition = 0 }: { topic: string; partition?: number }): string {
  return partition === 0 ? topic : `${topic}/${partition}`;
}

/** The position of a partition. */
export function positionIn(cursor: StreamCursor, topic: string, partition: number): TopicCursor | undefined {
  const first = cursor.topics[topic];
  return first?.partition === partition ? first : cursor.partitions?.[partitionName({ topic, partition })];
}

/** The positions of all partitions. */
export function positionsOf({ topics, partitions = {} }: StreamCursor): PartitionCursor[] {
  return [
    ...Object.entries(topics).map(([topic, known]) => ({ ...known, topic })),
    ...Object.entries(partitions).map(([name, known]) => ({
      ...known,
      topic: name.slice(0, name.lastIndexOf('/')),
    })),
  ];
}

/** The cursor with another position for a partition. */
export function withPosition(
  cursor: StreamCursor,
  { topic, partition, timestampMs, offset }: PartitionCursor,
): StreamCursor {
  const { topics, partitions } = cursor;
  const known: TopicCursor = { partition, timestampMs, ...(offset !== undefined && { offset }) };
  const first = Object.hasOwn(topics, topic) ? topics[topic] : undefined;
  if (partition !== 0 && first !== undefined && first.partition !== partition)
    return { ...cursor, partitions: { ...partitions, [partitionName({ topic, partition })]: known } };
  const moved =
    first === undefined || first.partition === partition
      ? partitions
      : { ...partitions, [partitionName({ ...first, topic })]: first };
  return {
    ...cursor,
    topics: { ...topics, [topic]: known },
    ...(moved !== undefined && { partitions: moved }),
  };
}

/** Whether nothing was ever read. */
export function isUnread({ startMs, topics }: StreamCursor): boolean {
  return startMs === undefined && Object.keys(topics).length === 0;
}

/** What Kafka allows. */
const LONGEST_TOPIC = 249;
/** Partitions that a cursor follows: it is part of every record, and the header of every request. */
const MOST_PARTITIONS = 100;
/** Servers refuse requests whose headers are longer than 8 or 16 kB in all. The real stream needs 150 bytes. */
const LONGEST_HEADER = 6_000;
/** The latest instant that a `Date` can hold. */
const LATEST_MS = 8.64e15;

export const EMPTY_CURSOR: StreamCursor = { topics: {} };

/** One partition's entry in an event id. */
export interface IdEntry {
  readonly topic: string;
  readonly partition: number;
  /** Undefined until the partition has delivered something in this connection. */
  readonly timestampMs: number | undefined;
}

/** Events arrive out of order by seconds, and by less than this. */
export const DISORDER_MS = 60_000;
/** How far each connection goes back, at least `DISORDER_MS`: an id is not an exact position. */
export const OVERLAP_MS = 60_000;

/**
 * A jump further than this needs a second message. Two messages of a busy partition are never so far apart, and a quiet
 * one resumes a message earlier for it. What a single wrong id can still skip is within the overlap.
 */
const LONG_JUMP_MS = OVERLAP_MS / 2;

/** What is known of a partition by its ids, epoch ms. */
interface Claim {
  /** The last timestamp as its ids have it. */
  readonly givenMs: number;
  /** The highest timestamp that counts. */
  readonly pastMs: number;
  /** What the last id claims, if that is a long jump and no other message has confirmed it. */
  readonly claimedMs?: number;
}

/**
 * Id entries as they may become a cursor. None lies in the future, and none is far ahead because a single id says so:
 * the next connection would begin there, and lose everything before.
 */
export class PastEntries {
  readonly #claims: Map<string, Claim>;

  /** @param cursor where reading begins */
  constructor(cursor: StreamCursor = EMPTY_CURSOR) {
    this.#claims = new Map(
      positionsOf(cursor).map(known => [
        partitionName(known),
        { givenMs: known.timestampMs, pastMs: known.timestampMs },
      ]),
    );
  }

  /** The entries of a message that arrived at `nowMs`. */
  of(entries: readonly IdEntry[], nowMs: number): IdEntry[] {
    return entries.map(entry => {
      const { timestampMs: givenMs } = entry;
      if (givenMs === undefined) return entry;
      const name = partitionName(entry);
      const last = this.#claims.get(name);
      // Ids repeat the entry of a partition until it delivers again; the time that has passed meanwhile must not count.
      const claim = last?.givenMs === givenMs ? last : claimOf(last, givenMs, Math.min(givenMs, nowMs));
      this.#claims.set(name, claim);
      return { ...entry, timestampMs: claim.pastMs };
    });
  }
}

function claimOf(last: Claim | undefined, givenMs: number, ms: number): Claim {
  if (last === undefined) return { givenMs, pastMs: ms };
  if (ms - last.pastMs <= LONG_JUMP_MS) return { givenMs, pastMs: Math.max(last.pastMs, ms) };
  const { pastMs, claimedMs } = last;
  return claimedMs === undefined
    ? { givenMs, pastMs, claimedMs: ms }
    : { givenMs, pastMs: Math.min(claimedMs, ms), claimedMs: ms };
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
    if (typeof topic !== 'string' || topic.length > LONGEST_TOPIC) return [];
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

/** The entry of the partition that an event comes from. */
export function entryOf(entries: readonly IdEntry[], origin: Origin | undefined): IdEntry | undefined {
  const ofTopic = entries.filter(({ topic }) => topic === origin?.topic);
  return ofTopic.length > 1
    ? ofTopic.find(({ partition }) => partition === (origin?.partition ?? 0))
    : ofTopic[0];
}

/** The cursor after accepting an event with these id entries, which is at `origin` in Kafka. */
export function advance(cursor: StreamCursor, entries: readonly IdEntry[], origin?: Origin): StreamCursor {
  const delivering = entryOf(entries, origin);
  let next = cursor;
  for (const entry of entries) {
    const { topic, partition } = entry;
    const known = positionIn(cursor, topic, partition);
    // A partition that has not delivered yet resumes from where reading started.
    const timestampMs = Math.max(known?.timestampMs ?? 0, entry.timestampMs ?? cursor.startMs ?? 0);
    const given = entry === delivering ? (origin?.offset ?? -1) : -1;
    const offset = Math.max(known?.offset ?? -1, given);
    const isUnchanged = known?.timestampMs === timestampMs && offset <= (known.offset ?? -1);
    if (isUnchanged || (known === undefined && positionsOf(next).length >= MOST_PARTITIONS)) continue;
    next = withPosition(next, { topic, partition, timestampMs, ...(offset >= 0 && { offset }) });
  }
  return next;
}

/** The cursor with another offset for a partition, after its numbering restarted. */
export function renumber(
  cursor: StreamCursor,
  { topic, partition }: Pick<IdEntry, 'topic' | 'partition'>,
  offset: number,
): StreamCursor {
  const known = positionIn(cursor, topic, partition);
  return known === undefined ? cursor : withPosition(cursor, { ...known, topic, offset });
}

/**
 * How to resume from `overlapMs` before the cursor. The header lists every partition, because it replaces the server's
 * own list, and gives a timestamp for each, because `offset:-1` would skip what arrives while we are disconnected.
 */
export function resumePoint(cursor: StreamCursor, overlapMs: number): ResumePoint {
  const positions = positionsOf(cursor);
  if (positions.length === 0) return cursor.startMs === undefined ? {} : { sinceMs: cursor.startMs };
  // Earlier versions kept the last partition of each topic only. Every topic has a partition 0.
  const forgotten = Object.entries(cursor.topics).flatMap(([topic, known]) =>
    known.partition === 0 ? [] : [{ ...known, topic, partition: 0 }],
  );
  const entries = [...positions, ...forgotten].map(({ topic, partition, timestampMs, offset }) => ({
    hasDelivered: offset !== undefined,
    text: JSON.stringify({
      topic,
      partition,
      timestamp: Math.max(cursor.floorMs ?? 0, timestampMs - overlapMs),
    }),
  }));
  return { lastEventId: `[${inHeader(entries).join()}]` };
}

interface EntryText {
  readonly hasDelivered: boolean;
  readonly text: string;
}

/**
 * The entries that fit into a header. Ids can name partitions without end, which no message ever came from; those that
 * have delivered messages with offsets come first, then those that have been known longest.
 */
function inHeader(entries: readonly EntryText[]): string[] {
  const total = entries.reduce((sum, { text }) => sum + text.length + 1, 1);
  if (total <= LONGEST_HEADER) return entries.map(({ text }) => text);
  const byWorth = entries.toSorted((a, b) => Number(b.hasDelivered) - Number(a.hasDelivered));
  const kept = new Set<EntryText>();
  let length = 1;
  for (const entry of byWorth) {
    length += entry.text.length + 1;
    if (length > LONGEST_HEADER) break;
    kept.add(entry);
  }
  return entries.flatMap(entry => (kept.has(entry) ? [entry.text] : []));
}
