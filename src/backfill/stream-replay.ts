/**
 * How far a replay of the stream is, partition by partition, and when it is over. A partition has passed an instant once it has
 * delivered a message sent well after it or has reached the present, or while it is silent and others are not:
 * EventStreams reads all topics at once, so a silent one has delivered everything it has.
 */
import { OffsetWatch } from '../core/gaps.ts';
import type { Origin } from '../core/reading.ts';
import {
  OVERLAP_MS,
  PastEntries,
  advance,
  entryOf,
  partitionName,
  positionIn,
  readEventId,
  renumber,
  resumePoint,
} from '../core/stream-cursor.ts';
import type { IdEntry, ResumePoint, StreamCursor } from '../core/stream-cursor.ts';

/** Events are sent at most this long after their event time, unless the source delays them for hours. */
const LATEST_MS = 20 * 60_000;
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

interface PartitionProgress {
  /** Highest timestamp in its ids, epoch ms. */
  timestampMs: number;
  /** When it last delivered, or else when the connection opened, by a clock that runs only while we wait. */
  deliveredAtMs: number;
}

export class StreamReplay {
  readonly #fromMs: number;
  readonly #endMs: number;
  readonly #presentMs: number;
  readonly #partitions = new Map<string, PartitionProgress>();
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
    for (const partition of this.#partitions.values()) partition.deliveredAtMs = uptimeMs;
    return resumePoint(this.#cursor, OVERLAP_MS);
  }

  /** Takes note of a message. @param origin its topic and offset in Kafka, if known */
  take(id: string, origin: Origin | undefined, uptimeMs: number, { nowMs, sentAtMs }: Arrival = {}): void {
    const arrivedMs = nowMs ?? Number.POSITIVE_INFINITY;
    const ids = readEventId(id);
    const from = entryOf(ids, origin);
    for (const entry of ids) {
      const { timestampMs } = entry;
      const name = partitionName(entry);
      const known = this.#partitions.get(name) ?? { timestampMs: 0, deliveredAtMs: this.#connectedAtMs };
      this.#partitions.set(name, known);
      if (entry === from) known.deliveredAtMs = uptimeMs;
      // Only the partition that delivers has moved. An id alone proves nothing: a wrong one would end the replay early.
      const isOther = from !== undefined && entry !== from;
      if (timestampMs === undefined || timestampMs > arrivedMs + SKEW_MS || isOther) continue;
      const passedMs = Math.min(timestampMs, sentAtMs ?? timestampMs);
      if (passedMs <= known.timestampMs) continue;
      known.timestampMs = passedMs;
      this.#firstMs = Math.min(this.#firstMs, passedMs);
    }
    this.#watchOffsets(from, origin, arrivedMs);
    this.#cursor = advance(this.#cursor, this.#past.of(ids, arrivedMs), origin);
  }

  /** All events before this instant (epoch ms) have been delivered. */
  completeToMs(uptimeMs: number): number {
    if (this.#partitions.size === 0) return Number.NEGATIVE_INFINITY;
    const passedMs = [...this.#partitions.values()].map(partition =>
      this.#hasPassed(partition, uptimeMs) ? Number.POSITIVE_INFINITY : partition.timestampMs - LATEST_MS,
    );
    return Math.min(...passedMs);
  }

  /** Whether everything needed has been delivered. */
  isOver(uptimeMs: number): boolean {
    return (
      this.#partitions.size > 0 &&
      [...this.#partitions.values()].every(partition => this.#hasPassed(partition, uptimeMs))
    );
  }

  /** Whether a connection has delivered nothing at all for too long. */
  isMute(uptimeMs: number): boolean {
    return this.#partitions.size === 0 && uptimeMs - this.#connectedAtMs > SILENT_MS;
  }

  #hasPassed(partition: PartitionProgress, uptimeMs: number): boolean {
    if (partition.timestampMs >= Math.min(this.#endMs, this.#presentMs)) return true;
    const silentMs = uptimeMs - partition.deliveredAtMs;
    const lastDeliveryMs = Math.max(
      ...[...this.#partitions.values()].map(({ deliveredAtMs }) => deliveredAtMs),
    );
    return silentMs > SILENT_MS || (silentMs > QUIET_MS && uptimeMs - lastDeliveryMs < QUIET_MS);
  }

  #watchOffsets(entry: IdEntry | undefined, origin: Origin | undefined, nowMs: number): void {
    if (origin === undefined) return;
    const { topic, offset } = origin;
    if (offset === undefined || entry?.timestampMs === undefined)
      return this.#offsets.noteUnnumbered(entry === undefined ? topic : partitionName(entry));
    const { partition } = entry;
    const timestampMs = Math.min(entry.timestampMs, nowMs);
    const known = positionIn(this.#cursor, topic, partition);
    const judged = this.#offsets.judge(known, { topic, partition, offset, timestampMs });
    if (judged === 'renumbered') this.#cursor = renumber(this.#cursor, entry, offset);
    else if (judged !== 'follows') this.#lost += judged.missing ?? 0;
  }
}
