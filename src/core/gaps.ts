/**
 * Events that the source lost (invariant 8). Kafka numbers the messages of a partition without holes, so a hole in the
 * offsets is a gap. So is a stream that starts long after the requested instant.
 */
import { without } from './backfill.ts';
import type { Coverage } from './backfill.ts';
import { DISORDER_MS, partitionName } from './stream-cursor.ts';
import type { TopicCursor } from './stream-cursor.ts';

/**
 * `offsets`: offsets were skipped within one connection. `retention`: a connection started later than requested, as
 * EventStreams silently does when it keeps nothing older. `log_lost`: our commit log was missing, so ingest restarted.
 * `handover`: an older project stopped in the middle of this range; our own rows begin at its end.
 */
export type GapCause = 'offsets' | 'retention' | 'log_lost' | 'handover';

/** A gap as it is detected and stored in a log record. */
export interface FoundGap {
  readonly cause: GapCause;
  /** Absent when the topic is not known. */
  readonly topic?: string;
  /** Absent for partition 0. */
  readonly partition?: number;
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Number of messages, where the offsets show it. */
  readonly missing?: number;
}

/** A gap as it is reported outside the log. */
export interface Gap {
  /** Stable: a gap that is reported again has the same id. */
  readonly id: string;
  readonly cause: GapCause;
  readonly topic?: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly missing?: number;
}

/** The parts of gaps that no backfill has closed for these wikis. @param of empty: all wikis */
export function openGaps(
  gaps: readonly Gap[],
  coverage: readonly Coverage[],
  of: readonly string[] = [],
): Gap[] {
  const closing = coverage.filter(
    ({ wikis }) => wikis === undefined || (of.length > 0 && of.every(wiki => wikis.includes(wiki))),
  );
  return gaps.flatMap((gap): Gap[] => {
    // `without` cannot subtract from a range of zero length.
    if (gap.from === gap.to)
      return closing.some(({ from, to }) => from <= gap.from && gap.to < to) ? [] : [gap];
    const left = without(gap, closing);
    const [first] = left;
    if (left.length === 1 && first?.from === gap.from && first.to === gap.to) return [gap];
    // How many of the missing messages fall into one piece is unknown.
    const { missing: _, ...rest } = gap;
    return left.map((piece, i) => ({ ...rest, id: i === 0 ? gap.id : `${gap.id}-${i}`, ...piece }));
  });
}

/** A stream whose first message comes this late was merely quiet. */
const QUIET_MS = 600_000;
/** Far above any topic's rate: a larger hole means that the offsets are those of another cluster. */
const MOST_PER_SECOND = 1_000;
/** A hole before a message that the cursor has passed says nothing of its length; this much is a loss. */
const UNTIMED_S = 600;

/**
 * So many messages a source may repeat at once, and a quiet partition may have delivered since the time in its cursor.
 * The offsets of another cluster are millions away.
 */
const MOST_REPEATED = 256;

/** A message with its offset in its partition. */
export interface Numbered {
  readonly topic: string;
  /** 0 if absent. */
  readonly partition?: number;
  readonly offset: number;
  readonly timestampMs: number;
}

/** Follows the offsets of all partitions across connections. */
export class OffsetWatch {
  /** Partitions, by name, that have delivered in this connection. */
  readonly #started = new Set<string>();
  /**
   * When the message with the highest offset was sent, epoch ms. The cursor has the highest timestamp, which is
   * another one where a single message claims to be much later than its neighbours.
   */
  readonly #sentMs = new Map<string, number>();
  /** Messages since the last one with a readable offset: each of them used up an offset too. */
  readonly #unnumbered = new Map<string, number>();

  connect(): void {
    this.#started.clear();
    this.#unnumbered.clear();
  }

  /** Counts a message whose offset could not be read. @param name the `partitionName` it came from */
  noteUnnumbered(name: string): void {
    this.#unnumbered.set(name, (this.#unnumbered.get(name) ?? 0) + 1);
  }

  /**
   * Compares a message with the cursor before the cursor advances to it. Either it follows, or there is a gap before
   * it, or its offset is of another Kafka cluster (each datacentre has its own) and comparing starts over from here.
   */
  judge(
    known: TopicCursor | undefined,
    { topic, partition = 0, offset, timestampMs }: Numbered,
  ): FoundGap | 'renumbered' | 'follows' {
    const name = partitionName({ topic, partition });
    const isFirst = !this.#started.has(name);
    const unread = this.#unnumbered.get(name) ?? 0;
    this.#started.add(name);
    this.#unnumbered.delete(name);
    const sentMs = this.#sentMs.get(name);
    if (offset >= (known?.offset ?? -1)) this.#sentMs.set(name, timestampMs);
    if (known?.offset === undefined) return 'follows';
    // The cursor of a quiet partition is a message behind; an id can lie.
    const lastMs = sentMs ?? known.timestampMs;
    const atMs = lastMs <= timestampMs ? lastMs : Math.min(known.timestampMs, lastMs);
    const place = { topic, ...(partition > 0 && { partition }) };
    const range = { ...place, fromMs: Math.min(atMs, timestampMs), toMs: Math.max(atMs, timestampMs) };
    const missing = offset - known.offset - 1 - unread;
    // Its time does not matter: the cursor of a quiet partition is a message or more behind its offset.
    if (offset <= known.offset && offset > known.offset - MOST_REPEATED) return 'follows';
    if (!isFirst) {
      if (missing > 0) return { cause: 'offsets', ...range, fromMs: atMs, missing };
      // By more than any repetition.
      const isNewer = timestampMs > atMs + DISORDER_MS;
      if (!isNewer || offset >= known.offset) return 'follows';
      this.#sentMs.set(name, timestampMs);
      return 'renumbered';
    }
    const seconds = (range.toMs - range.fromMs) / 1000;
    // A message from before the cursor was delivered already, so nothing is missing, unless its offset says otherwise.
    if (timestampMs <= known.timestampMs) {
      if (missing <= 0) return 'follows';
      const isLoss = missing <= MOST_PER_SECOND * (UNTIMED_S + seconds);
      return isLoss ? { cause: 'retention', ...range, missing } : 'renumbered';
    }
    if (missing === 0) return 'follows';
    const isPlausible = missing > 0 && missing <= MOST_PER_SECOND * Math.max(1, seconds);
    return { cause: 'retention', ...range, ...(isPlausible && { missing }) };
  }
}

/** The gap at the start of reading: the first message of the busiest topic is much later than the requested instant. */
export function gapAtStart(requestedMs: number, firstMs: number): FoundGap | undefined {
  return firstMs - requestedMs > QUIET_MS
    ? { cause: 'retention', fromMs: requestedMs, toMs: firstMs }
    : undefined;
}
