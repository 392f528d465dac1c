/**
 * How far a replay of the stream is, topic by topic, and when it is over. A topic has passed an instant once it has
 * delivered a message sent well after it or has reached the present, or while it is silent and others are not:
 * EventStreams reads all topics at once, so a silent one has delivered everything it has.
 */
import { OffsetWatch } from '../core/gaps.ts';
import type { Origin } from '../core/reading.ts';
import { PastEntries, advance, readEventId, renumber, resumePoint } from '../core/stream-cursor.ts';
import type { ResumePoint, StreamCursor } from '../core/stream-cursor.ts';

/** Events are sent at most this long after their event time, unless the source delays them for hours. */
const LATEST_MS = 20 * 60_000;
/** Read again on each new connection. */
const OVERLAP_MS = 60_000;
/** A topic that is silent for this long while others deliver has nothing left. */
const QUIET_MS = 3_000;
/** All topics silent for this long: the end of the stream. */
const SILENT_MS = 20_000;
/** How far ahead of our clock the source's may be. */
const SKEW_MS = 600_000;
/** A replay that starts later than requested by more than this starts where the retention of the stream does. */
const QUIET_START_MS = 600_000;

/** What is known of a message beside its id and position, epoch ms. */
interface Arrival {
  /** When it arrived. */
  readonly nowMs?: number;
  /** When its event was sent. */
  readonly sentAtMs?: number;
}

interface TopicProgress {
  /** Highest timestamp in its ids, epoch ms. */
  timestampMs: number;
  /** When it last delivered, or else when the connection opened, by a clock that runs only while we wait. */
  deliveredAtMs: number;
}

export class StreamReplay {
  readonly #fromMs: number;
  readonly #endMs: number;
  readonly #presentMs: number;
  readonly #topics = new Map<string, TopicProgress>();
  readonly #offsets = new OffsetWatch();
  readonly #past = new PastEntries();
  #cursor: StreamCursor;
  #firstMs = Number.POSITIVE_INFINITY;
  #connectedAtMs = Number.POSITIVE_INFINITY;
  #lost = 0;
  #connections = 0;

  /** @param presentMs when the replay started: messages sent later are not needed. All in epoch ms */
  constructor(fromMs: number, toMs: number, presentMs: number) {
    this.#fromMs = fromMs;
    this.#endMs = toMs + LATEST_MS;
    this.#presentMs = presentMs;
    this.#cursor = { startMs: fromMs, floorMs: fromMs, topics: {} };
  }

  get connections(): number {
    return this.#connections;
  }

  /** Messages that are missing, judged by gaps in the offsets. */
  get lost(): number {
    return this.#lost;
  }

  /** Where the stream started, epoch ms, if that is later than requested. */
  get servedFromMs(): number | undefined {
    const isLate = Number.isFinite(this.#firstMs) && this.#firstMs - this.#fromMs > QUIET_START_MS;
    return isLate ? this.#firstMs : undefined;
  }

  /** Starts a connection and returns where to resume. @param uptimeMs a clock that runs only while we wait */
  connect(uptimeMs: number): ResumePoint {
    this.#connections += 1;
    this.#connectedAtMs = uptimeMs;
    this.#offsets.connect();
    for (const topic of this.#topics.values()) topic.deliveredAtMs = uptimeMs;
    return resumePoint(this.#cursor, OVERLAP_MS);
  }

  /** Takes note of a message. @param origin its topic and offset in Kafka, if known */
  take(id: string, origin: Origin | undefined, uptimeMs: number, { nowMs, sentAtMs }: Arrival = {}): void {
    const arrivedMs = nowMs ?? Number.POSITIVE_INFINITY;
    const ids = readEventId(id);
    for (const { topic, timestampMs } of ids) {
      const known = this.#topics.get(topic) ?? { timestampMs: 0, deliveredAtMs: this.#connectedAtMs };
      this.#topics.set(topic, known);
      // Only the topic that delivers has moved. An id alone proves nothing: a wrong one would end the replay early.
      const isOther = origin !== undefined && origin.topic !== topic;
      if (timestampMs === undefined || timestampMs > arrivedMs + SKEW_MS || isOther) continue;
      const passedMs = Math.min(timestampMs, sentAtMs ?? timestampMs);
      if (passedMs <= known.timestampMs) continue;
      known.timestampMs = passedMs;
      this.#firstMs = Math.min(this.#firstMs, passedMs);
    }
    const entries = this.#past.of(ids, arrivedMs);
    const delivering = origin === undefined ? undefined : this.#topics.get(origin.topic);
    if (delivering !== undefined) delivering.deliveredAtMs = uptimeMs;
    this.#watchOffsets(entries, origin);
    this.#cursor = advance(this.#cursor, entries, origin);
  }

  /** All events before this instant (epoch ms) have been delivered. */
  completeToMs(uptimeMs: number): number {
    if (this.#topics.size === 0) return Number.NEGATIVE_INFINITY;
    const passedMs = [...this.#topics.values()].map(topic =>
      this.#hasPassed(topic, uptimeMs) ? Number.POSITIVE_INFINITY : topic.timestampMs - LATEST_MS,
    );
    return Math.min(...passedMs);
  }

  /** Whether everything needed has been delivered. */
  isOver(uptimeMs: number): boolean {
    return (
      this.#topics.size > 0 && [...this.#topics.values()].every(topic => this.#hasPassed(topic, uptimeMs))
    );
  }

  /** Whether a connection has delivered nothing at all for too long. */
  isMute(uptimeMs: number): boolean {
    return this.#topics.size === 0 && uptimeMs - this.#connectedAtMs > SILENT_MS;
  }

  #hasPassed(topic: TopicProgress, uptimeMs: number): boolean {
    if (topic.timestampMs >= Math.min(this.#endMs, this.#presentMs)) return true;
    const silentMs = uptimeMs - topic.deliveredAtMs;
    const lastDeliveryMs = Math.max(...[...this.#topics.values()].map(({ deliveredAtMs }) => deliveredAtMs));
    return silentMs > SILENT_MS || (silentMs > QUIET_MS && uptimeMs - lastDeliveryMs < QUIET_MS);
  }

  #watchOffsets(entries: ReturnType<typeof readEventId>, origin: Origin | undefined): void {
    if (origin === undefined) return;
    const { topic, offset } = origin;
    const entry = entries.find(entry => entry.topic === topic);
    if (offset === undefined || entry?.timestampMs === undefined) return this.#offsets.noteUnnumbered(topic);
    const judged = this.#offsets.judge(this.#cursor.topics[topic], {
      topic,
      offset,
      timestampMs: entry.timestampMs,
    });
    if (judged === 'renumbered') this.#cursor = renumber(this.#cursor, topic, offset);
    else if (judged !== 'follows') this.#lost += judged.missing ?? 0;
  }
}
