/**
 * What the stream server and the oracle need to know of a source of messages, be it the universe or a captured file.
 * Guarantee asked of an implementation: a log is append-only and numbered without gaps, as a Kafka partition is.
 */

import type { Topic } from './datacentres.ts';

/** One message of a topic. */
export interface Message {
  /** consecutive within the topic */
  readonly offset: number;
  /** Kafka timestamp, epoch ms; slightly out of order within a topic */
  readonly timestampMs: number;
  /** epoch ms from which on it can be read; never falls from one offset to the next */
  readonly arrivedMs: number;
  /** the JSON text, or bytes that go out exactly as they are */
  readonly body: () => string | Uint8Array;
}

/** One topic (its only partition, 0). All instants are epoch ms. */
export interface MessageLog {
  readonly topic: Topic;
  /** Offset of the oldest message that is still kept. */
  start(nowMs: number): number;
  /** Offset that the next message will get: the number after the last one that arrived at or before `nowMs`. */
  end(nowMs: number): number;
  /** First offset, among those kept and arrived, whose Kafka timestamp is at or after the given one. */
  firstAtOrAfter(timestampMs: number, nowMs: number): number | undefined;
  /**
   * Messages from an offset on: at least one, at most about a second of traffic, arrived or still to come.
   * Empty where the log has no message any more, ever.
   */
  read(offset: number): readonly Message[];
  /** Offsets of what has arrived with a Kafka timestamp in [from, to), epoch seconds. */
  offsetsBetween(from: number, to: number, nowMs: number): Iterable<number>;
}

/** What the oracle counts: one message that is an event, not a canary. */
export interface Fact {
  readonly wiki: string;
  readonly type: string;
  readonly bot: boolean;
  /** epoch seconds: event time */
  readonly timestamp: number;
  /** `length.new - length.old`, a missing side counting 0 */
  readonly bytesChange: number;
  readonly topic: Topic;
  /** `meta.offset` */
  readonly offset: number;
  /** `meta.dt`, epoch ms */
  readonly dtMs: number;
  /** `meta.id` */
  readonly id: () => string;
}

/** A source of messages with both topics, and the facts behind them. */
export interface Source {
  readonly logs: readonly MessageLog[];
  /**
   * Every distinct event whose `timestamp` lies in [from, to) epoch seconds and that has arrived by `nowMs`, however
   * late, in portions small enough to do something else in between.
   */
  facts(from: number, to: number, nowMs: number): Iterable<readonly Fact[]>;
  /** Where a client that says nothing starts: at the end of a live log, at the beginning of a recording. */
  readonly silentStart: 'end' | 'beginning';
  /** Whether all messages there will ever be have arrived. */
  finished(nowMs: number): boolean;
}
