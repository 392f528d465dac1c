/**
 * A source of messages as the stream server and the oracle see it: the universe or a captured file.
 * Implementations must guarantee that a log is append-only, like a Kafka partition.
 */

import type { Topic } from './datacentres.ts';

/** One message of a topic. */
export interface Message {
  /** position in the topic; with one partition and no holes, its offset */
  readonly offset: number;
  /** Kafka timestamp, epoch ms; slightly out of order within a topic */
  readonly timestampMs: number;
  /** epoch ms from which it can be read; never decreases from one offset to the next */
  readonly arrivedMs: number;
  /** the JSON text, or bytes to send unchanged */
  readonly body: () => string | Uint8Array;
}

/** One partition of a topic. Offsets are positions in the topic: `shownOffset` and `positionOf` translate. All times are epoch ms. */
export interface MessageLog {
  readonly topic: Topic;
  readonly partition: number;
  /** The offset that clients see, of the first message at or after a position. */
  shownOffset(position: number): number;
  /** Position of the first message at or after an offset that clients see. */
  positionOf(offset: number): number;
  /** Offset of the oldest message that still exists. */
  start(nowMs: number): number;
  /** Offset of the next message: one more than the last that arrived at or before `nowMs`. */
  end(nowMs: number): number;
  /** First available offset whose Kafka timestamp is at or after the given one. */
  firstAtOrAfter(timestampMs: number, nowMs: number): number | undefined;
  /**
   * Messages from an offset: at least one, at most about a second of traffic, including future ones.
   * Empty when the log will never have another message.
   */
  read(offset: number): readonly Message[];
  /** Offsets of messages that have arrived with a Kafka timestamp in [from, to), epoch seconds. */
  offsetsBetween(from: number, to: number, nowMs: number): Iterable<number>;
}

/** What the oracle counts: one event; canaries are excluded. */
export interface Fact {
  readonly wiki: string;
  readonly type: string;
  readonly bot: boolean;
  /** epoch seconds: event time */
  readonly timestamp: number;
  /** `length.new - length.old`, a missing side counting 0 */
  readonly bytesChange: number;
  readonly topic: Topic;
  /** `meta.partition` and `meta.offset` */
  readonly partition: number;
  readonly offset: number;
  /** `meta.dt`, epoch ms */
  readonly dtMs: number;
  /** `meta.id` */
  readonly id: () => string;
}

/** A source of messages with both topics and the facts behind them. */
export interface Source {
  /** Every partition of every topic. */
  readonly logs: readonly MessageLog[];
  /**
   * Every distinct event with a `timestamp` in [from, to) epoch seconds that arrived by `nowMs`, however late. Yields
   * portions small enough to let other work run in between.
   */
  facts(from: number, to: number, nowMs: number): Iterable<readonly Fact[]>;
  /** Where a client without a position starts: at the end of a live log, at the beginning of a recording. */
  readonly silentStart: 'end' | 'beginning';
  /** Whether no more messages will arrive. */
  finished(nowMs: number): boolean;
}
