/**
 * How far a replay of the stream has come, topic by topic, and when it is over. A topic has passed an instant when it
 * delivered a message that was sent well after it, when it has reached the present, or when it is silent while others
 * speak: EventStreams reads all topics at once, so what a silent one has was delivered first.
 */
import { OffsetWatch } from '../core/gaps.ts';
import type { Origin } from '../core/recent-change.ts';
import { advance, readEventId, renumber, resumePoint } from '../core/stream-cursor.ts';
import type { ResumePoint, StreamCursor } from '../core/stream-cursor.ts';

/** Nothing is sent later than this after its event time, but for what the source holds back for hours. */
const LATEST_MS = 20 * 60_000;
/** Asked for again at each new connection. */
const OVERLAP_MS = 60_000;
/** A topic that says nothing for so long, while others speak, has nothing more to say. */
const QUIET_MS = 3_000;
/** All topics silent for so long: the end of the stream. */
const SILENT_MS = 20_000;
/** A replay that begins later than asked by more than this begins where the retention does. */
const QUIET_START_MS = 600_000;

interface TopicProgress {
  /** Highest timestamp in its ids, epoch ms. */
  timestampMs: number;
  /** When it last brought a message, or else the connection began, by a clock that runs only while we wait. */
  spokeAt: number;
}

export class StreamReplay {
  readonly #fromMs: number;
  readonly #endMs: number;
  readonly #presentMs: number;
  readonly #topics = new Map<string, TopicProgress>();
  readonly #offsets = new OffsetWatch();
  #cursor: StreamCursor;
  #firstMs = Number.POSITIVE_INFINITY;
  #connectedAt = Number.POSITIVE_INFINITY;
  #lost = 0;
  #connections = 0;

  /** @param presentMs instant at which the replay began; what was sent after it is of no interest. All epoch ms */
  constructor(fromMs: number, toMs: number, presentMs: number) {
    this.#fromMs = fromMs;
    this.#endMs = toMs + LATEST_MS;
    this.#presentMs = presentMs;
    this.#cursor = { startMs: fromMs, floorMs: fromMs, topics: {} };
  }

  get connections(): number {
    return this.#connections;
  }

  /** Messages that the stream's numbers say are missing. */
  get lost(): number {
    return this.#lost;
  }

  /** Where the stream began, epoch ms, when that is later than was asked for. */
  get servedFromMs(): number | undefined {
    const isLate = Number.isFinite(this.#firstMs) && this.#firstMs - this.#fromMs > QUIET_START_MS;
    return isLate ? this.#firstMs : undefined;
  }

  /** Begins a connection: where to ask from. @param uptimeMs a clock that runs only while we wait for messages */
  connect(uptimeMs: number): ResumePoint {
    this.#connections += 1;
    this.#connectedAt = uptimeMs;
    this.#offsets.connect();
    for (const topic of this.#topics.values()) topic.spokeAt = uptimeMs;
    return resumePoint(this.#cursor, OVERLAP_MS);
  }

  /** Notes a message by its id, and where it lay in Kafka. */
  take(id: string, origin: Origin | undefined, uptimeMs: number): void {
    const entries = readEventId(id);
    for (const { topic, timestampMs } of entries) {
      const known = this.#topics.get(topic) ?? { timestampMs: 0, spokeAt: this.#connectedAt };
      this.#topics.set(topic, known);
      if (timestampMs === undefined || timestampMs <= known.timestampMs) continue;
      known.timestampMs = timestampMs;
      this.#firstMs = Math.min(this.#firstMs, timestampMs);
    }
    const spoken = origin === undefined ? undefined : this.#topics.get(origin.topic);
    if (spoken !== undefined) spoken.spokeAt = uptimeMs;
    this.#watchOffsets(entries, origin);
    this.#cursor = advance(this.#cursor, entries, origin);
  }

  /** Events before this instant (epoch ms) have come. */
  completeToMs(uptimeMs: number): number {
    if (this.#topics.size === 0) return Number.NEGATIVE_INFINITY;
    const passed = [...this.#topics.values()].map(topic =>
      this.#isThrough(topic, uptimeMs) ? Number.POSITIVE_INFINITY : topic.timestampMs - LATEST_MS,
    );
    return Math.min(...passed);
  }

  /** Whether nothing of interest is to come. */
  isOver(uptimeMs: number): boolean {
    return (
      this.#topics.size > 0 && [...this.#topics.values()].every(topic => this.#isThrough(topic, uptimeMs))
    );
  }

  /** Whether a connection has said nothing at all for so long that it is of no use. */
  isMute(uptimeMs: number): boolean {
    return this.#topics.size === 0 && uptimeMs - this.#connectedAt > SILENT_MS;
  }

  #isThrough(topic: TopicProgress, uptimeMs: number): boolean {
    if (topic.timestampMs >= Math.min(this.#endMs, this.#presentMs)) return true;
    const silentMs = uptimeMs - topic.spokeAt;
    const lastSpoken = Math.max(...[...this.#topics.values()].map(({ spokeAt }) => spokeAt));
    return silentMs > SILENT_MS || (silentMs > QUIET_MS && uptimeMs - lastSpoken < QUIET_MS);
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
