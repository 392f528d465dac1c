/**
 * ② Takes in messages of the stream, one at a time and in order: judges each one, drops what was stored before, and
 * fills the buffer of the next flush. Every message is accounted for: stored, kept as a dead letter, or counted as
 * skipped.
 */
import { createHash } from 'node:crypto';
import { OffsetWatch, gapAtStart } from '../core/gaps.ts';
import type { FoundGap } from '../core/gaps.ts';
import { joinGaps } from '../core/join-gaps.ts';
import type { IntakeRules } from '../core/intake-rules.ts';
import { PartBuffer } from '../bronze/part-buffer.ts';
import type { DeadLetter } from '../bronze/part-buffer.ts';
import { oneLine, readMessage } from '../core/message.ts';
import { sentNear } from '../core/reading.ts';
import type { DeadEvent, Origin, Reading } from '../core/reading.ts';
import {
  PastEntries,
  advance,
  entryOf,
  partitionName,
  positionIn,
  positionsOf,
  readEventId,
  renumber,
  resumePoint,
} from '../core/stream-cursor.ts';
import type { IdEntry, ResumePoint, StreamCursor } from '../core/stream-cursor.ts';
import { ReadPosition } from '../core/read-position.ts';
import type { Place } from '../core/read-position.ts';
import { minuteOf } from '../core/time.ts';
import type { StreamMessage } from '../source/stream/message-queue.ts';
import type { SeenEvents } from '../bronze/seen-events.ts';
import { BufferedRows } from './buffered-rows.ts';

/** What one flush stores: events, and the cursor behind them. */
export interface Batch {
  readonly buffer: PartBuffer;
  readonly cursor: StreamCursor;
  /** Latest `meta.dt` of the topic with most events of the batch, epoch ms; 0 for an empty batch. */
  readonly newestMs: number;
  /** Gaps found since the last batch. */
  readonly gaps: readonly FoundGap[];
  /** Everything sent until then was read, epoch ms; undefined when it is not known. */
  readonly readToMs: number | undefined;
  /** Wikis that are kept; empty means all. */
  readonly wikis: ReadonlySet<string>;
  /** What its events add to gold; absent without a live feed. */
  readonly rows: BufferedRows | undefined;
}

/** When a message arrived. */
export interface Arrival {
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
  /** Of a monotonic clock, for ages. */
  readonly uptimeMs: number;
}

/** Position of a message in its partition, as far as ids reveal it. The same at each delivery, however wrong. */
interface Position extends Place {
  /** `partitionName` of where it is. */
  readonly name: string;
  readonly timestampMs: number;
}

/** Gaps to collect before they are joined. */
const MOST_UNJOINED = 2_000;

export class Intake {
  readonly #rules: IntakeRules;
  readonly #seen: SeenEvents;
  #buffer = new PartBuffer();
  #rows: BufferedRows | undefined;
  #cursor: StreamCursor;
  /** Latest timestamp of each partition in the ids of this connection. */
  #lastIds = new Map<string, number>();
  readonly #past: PastEntries;
  #position: Position | undefined;
  /** Events and latest `meta.dt` by topic since the last batch. */
  #topics = new Map<string, { events: number; newestMs: number; firstMs: number | undefined }>();
  readonly #readPosition = new ReadPosition();
  readonly #offsets = new OffsetWatch();
  #gaps: FoundGap[];
  /** The requested start, until the first delivery shows whether the stream began there. */
  #requestedStartMs: number | undefined;

  /** `found`: gaps known before the first message. */
  constructor(rules: IntakeRules, seen: SeenEvents, cursor: StreamCursor, found: readonly FoundGap[] = []) {
    this.#rules = rules;
    this.#rows = this.#newRows();
    this.#seen = seen;
    this.#cursor = cursor;
    this.#past = new PastEntries(cursor);
    this.#gaps = [...found];
    const hasDelivered = positionsOf(cursor).some(({ offset }) => offset !== undefined);
    this.#requestedStartMs = hasDelivered ? undefined : cursor.startMs;
  }

  get cursor(): StreamCursor {
    return this.#cursor;
  }

  get buffer(): PartBuffer {
    return this.#buffer;
  }

  /** Closes the current batch and returns it; the next message starts a new one. */
  takeBatch(): Batch {
    const [busiest] = [...this.#topics.values()].sort((a, b) => b.events - a.events);
    this.#checkStart(busiest?.firstMs);
    const { newestMs = 0 } = busiest ?? {};
    const batch: Batch = {
      buffer: this.#buffer,
      cursor: this.#cursor,
      newestMs,
      gaps: this.takeGaps(),
      readToMs: this.#readPosition.look(this.#cursor),
      wikis: this.wikis,
      rows: this.#rows,
    };
    this.#buffer = new PartBuffer();
    this.#rows = this.#newRows();
    this.#topics = new Map();
    return batch;
  }

  /** What the buffered events add to gold; absent without a live feed. */
  get rows(): BufferedRows | undefined {
    return this.#rows;
  }

  /** How far the stream is read at this moment, epoch ms; undefined while unknown. */
  get readToMs(): number | undefined {
    return this.#readPosition.glance(this.#cursor);
  }

  /** Wikis that are kept; empty means all. */
  get wikis(): ReadonlySet<string> {
    return this.#rules.wikis;
  }

  /** Before the first event is taken in: reading starts here, epoch ms. Undefined when no message has shown where. */
  startReading(nowMs: number = Date.now()): number | undefined {
    const { startMs } = this.#cursor;
    return startMs === undefined ? undefined : this.#readPosition.startAt(Math.min(startMs, nowMs));
  }

  /** Gaps found since the last call, joined. */
  takeGaps(): FoundGap[] {
    return joinGaps(this.#gaps.splice(0));
  }

  /** Where a new connection resumes. Its ids are compared with each other only, never with those of earlier connections. */
  connect(overlapMs: number): ResumePoint {
    const point = resumePoint(this.#cursor, overlapMs);
    // Until a partition delivers, its id entry may echo the requested position.
    const requested = readEventId(point.lastEventId ?? '');
    this.#lastIds = new Map(requested.map(entry => [partitionName(entry), entry.timestampMs ?? 0]));
    this.#position = undefined;
    this.#offsets.connect();
    return point;
  }

  /** Takes in one message. Rejects only when events stored earlier cannot be read back. */
  async take({ data, id }: StreamMessage, { nowMs, uptimeMs }: Arrival): Promise<void> {
    const reading = readMessage(data, this.#rules.judge, { nowMs });
    const entries = readEventId(id);
    this.#follow(entries, reading.origin, nowMs);
    this.#noteRead(reading, entryOf(entries, reading.origin) ?? this.#position, nowMs);
    if (reading.kind === 'canary') return this.#buffer.skip('canaries', uptimeMs);
    this.#noteTopic(reading, nowMs);
    const { wiki } = reading;
    const { wikis } = this.#rules;
    if (wiki !== undefined && wikis.size > 0 && !wikis.has(wiki))
      return this.#buffer.skip('filtered', uptimeMs);

    const letter = reading.kind === 'dead' ? this.#letter(reading, data, id, nowMs) : undefined;
    const identity = letter?.identity ?? reading.id ?? '';
    const sentAtMs = letter === undefined ? (reading.sentAtMs ?? nowMs) : Date.parse(letter.sentAt);
    if (await this.#isKnown(identity, sentAtMs)) return this.#buffer.skip('duplicates', uptimeMs);
    this.#seen.add(identity);
    if (letter !== undefined) return this.#buffer.addDeadLetter(letter, uptimeMs);
    if (reading.kind === 'event') {
      const { timestamp, edit } = reading;
      const event = { line: oneLine(data), id: identity, timestamp, sentAtMs, isEdit: edit !== undefined };
      this.#buffer.add(event, uptimeMs);
      this.#rows?.add(reading);
    }
  }

  #newRows(): BufferedRows | undefined {
    const { newFold } = this.#rules;
    return newFold && new BufferedRows(newFold);
  }

  /** Moves the cursor to a message without storing it. */
  follow({ id }: StreamMessage, nowMs: number = Date.now()): void {
    this.#follow(readEventId(id), undefined, nowMs);
  }

  async #isKnown(identity: string, sentAtMs: number): Promise<boolean> {
    const event = { identity, minute: minuteOf(sentAtMs / 1000) };
    const known = this.#seen.has(event);
    if (known !== undefined) return known;
    await this.#seen.recall(event.minute);
    return this.#seen.has(event) === true;
  }

  /** Moves the cursor and finds the partition that delivered: the one whose id entry changed. */
  #follow(entries: readonly IdEntry[], origin: Origin | undefined, nowMs: number): void {
    let position: Position | undefined;
    const delivering = entryOf(entries, origin);
    for (const entry of entries) {
      const { timestampMs } = entry;
      const name = partitionName(entry);
      if (timestampMs === undefined || this.#lastIds.get(name) === timestampMs) continue;
      this.#lastIds.set(name, timestampMs);
      if (position === undefined || entry === delivering) position = { ...entry, name, timestampMs };
    }
    this.#position = position ?? this.#position;
    if (this.#cursor.startMs === undefined && position !== undefined) {
      this.#cursor = { ...this.#cursor, startMs: Math.min(position.timestampMs, nowMs) };
    }
    const past = this.#past.of(entries, nowMs);
    if (origin?.offset !== undefined) this.#checkOffset(delivering, origin.offset, nowMs);
    else if (this.#position !== undefined && origin === undefined)
      this.#offsets.noteUnnumbered(this.#position.name);
    this.#cursor = advance(this.#cursor, past, origin);
  }

  /** Looks for a gap before a message that has an offset. */
  #checkOffset(entry: IdEntry | undefined, offset: number, nowMs: number): void {
    if (entry?.timestampMs === undefined) return;
    const { topic, partition } = entry;
    const timestampMs = Math.min(entry.timestampMs, nowMs);
    const known = positionIn(this.#cursor, topic, partition);
    const verdict = this.#offsets.judge(known, { topic, partition, offset, timestampMs });
    if (verdict === 'renumbered') this.#cursor = renumber(this.#cursor, entry, offset);
    else if (verdict !== 'follows') this.#addGap(verdict);
  }

  #addGap(gap: FoundGap): void {
    this.#gaps.push(gap);
    if (this.#gaps.length >= MOST_UNJOINED) this.#gaps = joinGaps(this.#gaps);
  }

  /** After the first delivery: checks that the stream began at the requested position. */
  #checkStart(firstMs: number | undefined): void {
    if (this.#requestedStartMs === undefined || firstMs === undefined) return;
    const gap = gapAtStart(this.#requestedStartMs, firstMs);
    if (gap !== undefined) this.#gaps.push(gap);
    this.#requestedStartMs = undefined;
  }

  /** What a dead letter says of its time is not trusted. */
  #noteRead(reading: Reading, place: Place | undefined, nowMs: number): void {
    const { kind } = reading;
    if (kind === 'dead' || place === undefined || reading.sentAtMs === undefined) return;
    this.#readPosition.note(place, Math.min(reading.sentAtMs, nowMs), kind);
  }

  #noteTopic(reading: Exclude<Reading, { kind: 'canary' }>, nowMs: number): void {
    if (reading.kind === 'dead') return;
    const { origin } = reading;
    // A sender's clock that runs ahead must not seal hours that have not passed.
    const sentAtMs = Math.min(reading.sentAtMs, nowMs);
    const topic = origin?.topic ?? '';
    const positionMs = this.#position?.timestampMs;
    const firstMs = positionMs === undefined ? undefined : Math.min(positionMs, nowMs);
    const known = this.#topics.get(topic) ?? { events: 0, newestMs: 0, firstMs };
    const newestMs = Math.max(known.newestMs, sentAtMs);
    this.#topics.set(topic, { ...known, events: known.events + 1, newestMs });
  }

  #letter({ reason, id, sentAtMs }: DeadEvent, data: Buffer, eventId: string, nowMs: number): DeadLetter {
    const sentMs = letterSentMs(sentAtMs, this.#position?.timestampMs, nowMs);
    return {
      reason,
      raw: data.toString('utf8'),
      ...(reason === 'invalid_utf8' && { rawBase64: data.toString('base64') }),
      eventId,
      receivedAt: new Date(nowMs).toISOString(),
      identity: id ?? this.#digest(data),
      sentAt: new Date(sentMs).toISOString(),
    };
  }

  /** Identity of an event without `meta.id`: its bytes and position, which are the same at each delivery. */
  #digest(data: Buffer): string {
    const { name = '', timestampMs = 0 } = this.#position ?? {};
    return createHash('sha256').update(`${name} ${timestampMs} `).update(data).digest('base64url');
  }
}

/**
 * When an unusable event was sent, epoch ms. Its own `meta.dt` counts first: every delivery repeats it, while the id
 * beside it can be of another year in one delivery and not in the next. Otherwise the letter would be stored twice.
 */
function letterSentMs(sentAtMs: number | undefined, positionMs: number | undefined, nowMs: number): number {
  const isNearNow = sentAtMs !== undefined && sentNear(nowMs, sentAtMs) === sentAtMs;
  return isNearNow ? sentAtMs : sentNear(positionMs ?? nowMs, sentAtMs);
}
