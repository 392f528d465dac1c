/**
 * A captured NDJSON file as a source: its lines are served byte for byte, in file order per topic.
 * Guarantee: the oracle's facts come from JSON.parse of the same lines, and each meta.id counts once even if the file
 * repeats it. All messages have already arrived, whatever their age, and none expires.
 */

import { readFile } from 'node:fs/promises';
import { TOPICS, type Topic } from './datacentres.ts';
import type { Fact, Message, MessageLog, Source } from './message-log.ts';

interface Line {
  readonly bytes: Buffer;
  readonly topic: Topic;
  readonly timestampMs: number;
}

/** Messages returned at a time. */
const PAGE = 50;

/** The topic of lines without a known topic. */
const DEFAULT_TOPIC: Topic = TOPICS[0];

type Parsed = Record<string, unknown>;

function isRecord(value: unknown): value is Parsed {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    // A line that is not JSON is still a message, but nothing in it can be counted.
    return {};
  }
}

function linesOf(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let begin = 0; begin < content.length;) {
    const found = content.indexOf(10, begin);
    const end = found < 0 ? content.length : found;
    const line = content.subarray(begin, end);
    // The CR of a CRLF is not part of the message, and a bare CR would end an SSE line.
    if (line.length > 0) lines.push(line.at(-1) === 13 ? line.subarray(0, -1) : line);
    begin = end + 1;
  }
  return lines.filter(line => line.length > 0);
}

function factOf(event: Parsed, meta: Parsed, topic: Topic, offset: number, dtMs: number): Fact | undefined {
  const { wiki, type, timestamp, bot } = event;
  const { id, domain } = meta;
  if (typeof id !== 'string' || typeof wiki !== 'string' || domain === 'canary') return undefined;
  if (typeof timestamp !== 'number' || !Number.isInteger(timestamp)) return undefined;
  const length = isRecord(event['length']) ? event['length'] : {};
  const side = (value: unknown): number => (typeof value === 'number' ? value : 0);
  return {
    wiki,
    type: String(type),
    bot: bot === true,
    timestamp,
    bytesChange: side(length['new']) - side(length['old']),
    topic,
    partition: 0,
    offset,
    dtMs,
    id: () => id,
  };
}

function logOf(topic: Topic, lines: readonly Line[]): MessageLog {
  const firstAtOrAfter = (timestampMs: number): number | undefined => {
    const found = lines.findIndex(line => line.timestampMs >= timestampMs);
    return found < 0 ? undefined : found;
  };
  return {
    topic,
    partition: 0,
    shownOffset: position => position,
    positionOf: offset => offset,
    start: () => 0,
    end: () => lines.length,
    firstAtOrAfter,
    read: offset =>
      lines.slice(offset, offset + PAGE).map(({ bytes, timestampMs }, i): Message => ({
        offset: offset + i,
        timestampMs,
        arrivedMs: 0,
        body: () => bytes,
      })),
    *offsetsBetween(from, to) {
      for (const [offset, { timestampMs }] of lines.entries()) {
        if (timestampMs >= from * 1000 && timestampMs < to * 1000) yield offset;
      }
    },
  };
}

/** Creates a source from the bytes of an NDJSON file. */
export function capturedSource(content: Buffer): Source {
  const lines: Line[] = [];
  const facts = new Map<string, Fact>();
  let dtMs = 0;
  for (const bytes of linesOf(content)) {
    const event = parse(bytes.toString('utf8'));
    const meta = isRecord(event['meta']) ? event['meta'] : {};
    // The Kafka timestamp is meta.dt; a line without one takes that of the line before it.
    const dt = Date.parse(String(meta['dt']));
    if (!Number.isNaN(dt)) dtMs = dt;
    const topic = TOPICS.find(known => known === meta['topic']) ?? DEFAULT_TOPIC;
    lines.push({ bytes, topic, timestampMs: dtMs });
    const fact = factOf(event, meta, topic, Number(meta['offset']), dtMs);
    if (fact !== undefined && !facts.has(fact.id())) facts.set(fact.id(), fact);
  }
  const logs = TOPICS.map(topic =>
    logOf(
      topic,
      lines.filter(line => line.topic === topic),
    ),
  );
  return {
    logs,
    *facts(from, to) {
      yield [...facts.values()].filter(({ timestamp }) => timestamp >= from && timestamp < to);
    },
    silentStart: 'beginning',
    finished: () => true,
  };
}

/** Like {@link capturedSource}, from a file. @throws when the file cannot be read */
export async function readCaptured(path: string): Promise<Source> {
  return capturedSource(await readFile(path));
}
