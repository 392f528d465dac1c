/**
 * Where a connection starts, and the ids that record its progress: the rules of KafkaSSE and EventStreams.
 * Guarantee: pure; it only reads the logs.
 */

import { TOPICS } from './datacentres.ts';
import type { MessageLog, Source } from './message-log.ts';
import { kafkaRefusal, refusal, type Refusal } from './refusal.ts';

/** Kafka's special offsets for "after the last message" and "the oldest message", which clients may send. */
const END = -1;
const BEGINNING = -2;

/** One entry of an id or of a Last-Event-ID header. If it has both, the offset wins. */
export interface Assignment {
  readonly topic: string;
  readonly partition: number;
  readonly offset?: number;
  /** epoch ms */
  readonly timestamp?: number;
}

/** Where reading a partition starts. */
export interface Start {
  readonly log: MessageLog;
  /** the partition's entry in ids until its first delivery */
  readonly assigned: Assignment;
  /** the first position to read */
  readonly next: number;
}

/** The position in a request. */
interface Asked {
  readonly lastEventId: string | undefined;
  readonly since: string | undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns the assignments of an entry; undefined when it is invalid */
function assignmentsOf(entry: unknown, partitions: readonly number[]): readonly Assignment[] | undefined {
  // A bare topic name is valid for KafkaSSE and means "from now on".
  if (typeof entry === 'string')
    return partitions.map(partition => ({ topic: entry, partition, offset: END }));
  if (!isRecord(entry)) return undefined;
  const { topic, partition, offset, timestamp } = entry;
  const integer = (value: unknown): value is number => Number.isInteger(value);
  if (typeof topic !== 'string' || !integer(partition) || !partitions.includes(partition)) return undefined;
  if (!integer(offset) && !integer(timestamp)) return undefined;
  return [
    {
      topic,
      partition,
      ...(integer(offset) ? { offset } : {}),
      ...(integer(timestamp) ? { timestamp } : {}),
    },
  ];
}

/** The entries of a Last-Event-ID header; 400 for anything but a list of topics and positions. */
function parseLastEventId(header: string, partitions: readonly number[]): readonly Assignment[] | Refusal {
  let list: unknown;
  try {
    list = JSON.parse(header);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return kafkaRefusal(400, 'InvalidAssignmentError', message, {
      originalName: 'SyntaxError',
      last_event_id: header,
    });
  }
  const entries = Array.isArray(list) ? list.map(entry => assignmentsOf(entry, partitions)) : [];
  const assignments = entries.flatMap(entry => entry ?? []);
  if (entries.length === 0 || entries.includes(undefined)) {
    const message =
      'Must provide either an array topic names, or  an array of objects with topic, partition and offset|timestamp.';
    return kafkaRefusal(400, 'InvalidAssignmentError', message, { originalName: 'Error', assignments: list });
  }
  const unknown = assignments
    .filter(({ topic }) => !TOPICS.some(known => known === topic))
    .map(({ topic }) => topic);
  if (unknown.length > 0) {
    const message = `Topics ${unknown.join(', ')} are not available for consumption.`;
    return kafkaRefusal(404, 'TopicNotAvailableError', message, { availableTopics: TOPICS });
  }
  return assignments;
}

/** `since` in epoch ms, or undefined; 400 when it is neither a number nor valid for Date.parse. */
function parseSince(since: string | undefined): number | undefined | Refusal {
  if (since === undefined || since === '') return undefined;
  const ms = Number.isNaN(Number(since)) ? Date.parse(since) : Number(since);
  if (Number.isFinite(ms)) return ms;
  const detail = `since timestamp is not a UTC milliseconds unix epoch and was not parseable: '${since}'`;
  return refusal(400, 'invalid_timestamp', 'Invalid timestamp', detail);
}

/** Kafka resets an unavailable position to the end of the topic: messages that are too old are skipped. */
function withinLog(log: MessageLog, offset: number, nowMs: number): number {
  if (offset === BEGINNING) return log.start(nowMs);
  return offset >= log.start(nowMs) && offset <= log.end(nowMs) ? offset : log.end(nowMs);
}

/** Where to start each partition. @returns entries in the order of the ids: given offsets first, as in KafkaSSE */
export function resolveStart(source: Source, asked: Asked, nowMs: number): readonly Start[] | Refusal {
  const since = parseSince(asked.since);
  if (typeof since === 'object') return since;
  const partitions = [...new Set(source.logs.map(({ partition }) => partition))];
  const assignments =
    asked.lastEventId === undefined
      ? initial(source, since, nowMs)
      : parseLastEventId(asked.lastEventId, partitions);
  if ('kind' in assignments) return assignments;
  const starts = new Map<string, Start>();
  const byOffset = assignments.filter(({ offset }) => offset !== undefined);
  const byTime = assignments.filter(({ offset }) => offset === undefined);
  for (const { topic, partition, offset, timestamp } of [...byOffset, ...byTime]) {
    const log = source.logs.find(candidate => candidate.topic === topic && candidate.partition === partition);
    if (log === undefined) continue;
    const position = offset === undefined || offset < 0 ? offset : log.positionOf(offset);
    const found = position ?? log.firstAtOrAfter(timestamp ?? Infinity, nowMs) ?? END;
    starts.set(`${topic}/${partition}`, {
      log,
      assigned: { topic, partition, offset: found < 0 ? found : log.shownOffset(found) },
      next: withinLog(log, found, nowMs),
    });
  }
  return [...starts.values()];
}

function initial(source: Source, since: number | undefined, nowMs: number): readonly Assignment[] {
  return source.logs.map(log => {
    const entry = { topic: log.topic, partition: log.partition };
    if (since !== undefined) return { ...entry, timestamp: since };
    return { ...entry, offset: source.silentStart === 'end' ? END : log.shownOffset(log.start(nowMs)) };
  });
}

/** The id after a delivered message: resuming starts at the next millisecond. */
export function delivered(
  { topic, partition }: Pick<MessageLog, 'topic' | 'partition'>,
  timestampMs: number,
): Assignment {
  return { topic, partition, timestamp: timestampMs + 1 };
}
