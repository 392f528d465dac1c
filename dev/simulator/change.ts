/**
 * The two kinds of messages in a topic of the universe, as facts (what, when, where) without any text.
 */

import type { Topic } from './datacentres.ts';
import type { Deed } from './history.ts';

/** A deed that was sent: one event of the stream. */
export interface Change {
  readonly kind: 'change';
  /** position in history, unique across both topics; ids, revision and rcid follow from it */
  readonly seq: number;
  readonly topic: Topic;
  readonly offset: number;
  /** epoch ms from which it can be read from the topic */
  readonly arrivedMs: number;
  /** `meta.dt` and Kafka timestamp, epoch ms; in the same second as `arrivedMs`, up to 38 ms before it */
  readonly dtMs: number;
  /** event time, epoch seconds */
  readonly timestamp: number;
  readonly deed: Deed;
}

/** An artificial monitoring message without an event. */
export interface Canary {
  readonly kind: 'canary';
  readonly topic: Topic;
  readonly offset: number;
  readonly arrivedMs: number;
  readonly dtMs: number;
}
