/**
 * Events that the source lost (invariant 8). Kafka numbers the messages of a topic without holes, so a hole in the
 * offsets is a gap. So is a stream that starts long after the requested instant.
 */
import { without } from './backfill.ts';
import type { Coverage } from './backfill.ts';
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

/** The parts of gaps that no backfill has closed, for one wiki or for all of them. */
export function openGaps(gaps: readonly Gap[], coverage: readonly Coverage[], wiki?: string): Gap[] {
  const closing = coverage.filter(
    ({ wikis }) => wikis === undefined || (wiki !== undefined && wikis.includes(wiki)),
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
/** Events arrive out of order by seconds; one that is newer than all others by this much is not a repetition. */
const DISORDER_MS = 60_000;
/** Far above any topic's rate: a larger hole means that the offsets are those of another cluster. */
const MOST_PER_SECOND = 1_000;

/** A message with its offset in its topic. */
export interface Numbered {
  readonly topic: string;
  readonly offset: number;
  readonly timestampMs: number;
}

/** Follows the offsets of all topics across connections. */
export class OffsetWatch {
  /** Topics that have delivered in this connection. */
  readonly #started = new Set<string>();
  /** Messages since the last one with a readable offset: each of them used up an offset too. */
  readonly #unnumbered = new Map<string, number>();

  connect(): void {
    this.#started.clear();
    this.#unnumbered.clear();
  }

  /** Counts a message whose offset could not be read. */
  noteUnnumbered(topic: string): void {
    this.#unnumbered.set(topic, (this.#unnumbered.get(topic) ?? 0) + 1);
  }

  /**
   * Compares a message with the cursor before the cursor advances to it. Either it follows, or there is a gap before
   * it, or its offset is of another Kafka cluster (each datacentre has its own) and comparing starts over from here.
   */
  judge(
    known: TopicCursor | undefined,
    { topic, offset, timestampMs }: Numbered,
  ): FoundGap | 'renumbered' | 'follows' {
    const isFirst = !this.#started.has(topic);
    const unread = this.#unnumbered.get(topic) ?? 0;
    this.#started.add(topic);
    this.#unnumbered.delete(topic);
    if (known?.offset === undefined) return 'follows';
    const range = { topic, fromMs: known.timestampMs, toMs: timestampMs };
    const missing = offset - known.offset - 1 - unread;
    if (!isFirst) {
      if (missing > 0)
        return { cause: 'offsets', ...range, toMs: Math.max(range.fromMs, timestampMs), missing };
      const isNewer = timestampMs > known.timestampMs + DISORDER_MS;
      return isNewer && offset < known.offset ? 'renumbered' : 'follows';
    }
    // The connection starts with something already delivered, so nothing is missing, whatever the offsets.
    if (timestampMs <= known.timestampMs) return offset > known.offset ? 'renumbered' : 'follows';
    if (missing === 0) return 'follows';
    const isPlausible =
      missing > 0 && missing <= MOST_PER_SECOND * Math.max(1, (timestampMs - known.timestampMs) / 1000);
    return { cause: 'retention', ...range, ...(isPlausible && { missing }) };
  }
}

/** The gap at the start of reading: the first message of the busiest topic is much later than the requested instant. */
export function gapAtStart(requestedMs: number, firstMs: number): FoundGap | undefined {
  return firstMs - requestedMs > QUIET_MS
    ? { cause: 'retention', fromMs: requestedMs, toMs: firstMs }
    : undefined;
}
