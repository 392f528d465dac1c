/**
 * What the source could not give (invariant 8). Kafka numbers the messages of a topic without holes, so a hole in the
 * offsets is a gap, and so is a stream that begins long after the instant it was asked for.
 */
import { without } from './backfill.ts';
import type { Coverage } from './backfill.ts';
import type { TopicCursor } from './stream-cursor.ts';

/**
 * `offsets`: numbers were skipped while a connection lasted. `retention`: a connection began behind what it was asked
 * for, as EventStreams does without a word when it keeps nothing older. `log_lost`: our own log was gone, and reading
 * began anew.
 */
export type GapCause = 'offsets' | 'retention' | 'log_lost';

/** A gap as it is found, and as a record of the log keeps it. */
export interface FoundGap {
  readonly cause: GapCause;
  /** Absent where it is not known which topic it was. */
  readonly topic?: string;
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Messages, where offsets tell. */
  readonly missing?: number;
}

/** A gap as it is known outside of the log. */
export interface Gap {
  /** The same for the same gap, however often it is told of. */
  readonly id: string;
  readonly cause: GapCause;
  readonly topic?: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly missing?: number;
}

/** What is left of gaps once backfills have brought what they brought: for one wiki, or for all. */
export function openGaps(gaps: readonly Gap[], coverage: readonly Coverage[], wiki?: string): Gap[] {
  const closing = coverage.filter(
    ({ wikis }) => wikis === undefined || (wiki !== undefined && wikis.includes(wiki)),
  );
  return gaps.flatMap((gap): Gap[] => {
    // An instant has no inside that something could be left of.
    if (gap.from === gap.to)
      return closing.some(({ from, to }) => from <= gap.from && gap.to < to) ? [] : [gap];
    const left = without(gap, closing);
    const [first] = left;
    if (left.length === 1 && first?.from === gap.from && first.to === gap.to) return [gap];
    // How many messages of a piece are missing nobody knows.
    const { missing: _, ...rest } = gap;
    return left.map((piece, i) => ({ ...rest, id: i === 0 ? gap.id : `${gap.id}-${i}`, ...piece }));
  });
}

/** A stream that begins later than asked by up to this is only quiet. */
const QUIET_MS = 600_000;
/** Events come out of order by seconds; what is newer than all before by this much is no repetition. */
const DISORDER_MS = 60_000;
/** Messages a second that no topic comes near: a larger hole is one between the numbers of two clusters. */
const MOST_PER_SECOND = 1_000;

/** A message with its number in its topic. */
export interface Numbered {
  readonly topic: string;
  readonly offset: number;
  readonly timestampMs: number;
}

/** Follows the numbers of all topics over all connections. */
export class OffsetWatch {
  /** Topics that have delivered in this connection. */
  readonly #begun = new Set<string>();
  /** Messages since the last numbered one that could not be read: they have numbers too. */
  readonly #unnumbered = new Map<string, number>();

  connect(): void {
    this.#begun.clear();
    this.#unnumbered.clear();
  }

  /** Notes a message whose number could not be read. */
  noteUnnumbered(topic: string): void {
    this.#unnumbered.set(topic, (this.#unnumbered.get(topic) ?? 0) + 1);
  }

  /**
   * Judges a message before the cursor moves on to it: it follows on what the cursor knows, or there is a gap before
   * it, or its number is of another Kafka cluster (datacentres have their own) and only what comes next can be judged.
   */
  judge(
    known: TopicCursor | undefined,
    { topic, offset, timestampMs }: Numbered,
  ): FoundGap | 'renumbered' | 'follows' {
    const isFirst = !this.#begun.has(topic);
    const unread = this.#unnumbered.get(topic) ?? 0;
    this.#begun.add(topic);
    this.#unnumbered.delete(topic);
    if (known?.offset === undefined) return 'follows';
    const stretch = { topic, fromMs: known.timestampMs, toMs: timestampMs };
    const missing = offset - known.offset - 1 - unread;
    if (!isFirst) {
      if (missing > 0)
        return { cause: 'offsets', ...stretch, toMs: Math.max(stretch.fromMs, timestampMs), missing };
      const isNewer = timestampMs > known.timestampMs + DISORDER_MS;
      return isNewer && offset < known.offset ? 'renumbered' : 'follows';
    }
    // It begins with what was delivered before: nothing is missing, whatever the numbers say.
    if (timestampMs <= known.timestampMs) return offset > known.offset ? 'renumbered' : 'follows';
    if (missing === 0) return 'follows';
    const isPlausible =
      missing > 0 && missing <= MOST_PER_SECOND * Math.max(1, (timestampMs - known.timestampMs) / 1000);
    return { cause: 'retention', ...stretch, ...(isPlausible && { missing }) };
  }
}

/** The gap at the very beginning: the busiest topic's first message lies long after the instant that was asked for. */
export function gapAtStart(askedMs: number, firstMs: number): FoundGap | undefined {
  return firstMs - askedMs > QUIET_MS ? { cause: 'retention', fromMs: askedMs, toMs: firstMs } : undefined;
}
