/**
 * The two kinds of messages that a topic of the universe holds, as facts: what, when, where. No text yet.
 */

import type { Topic } from './datacentres.ts';
import type { Deed } from './history.ts';

/** A deed that has been sent: one event of the stream. */
export interface Change {
  readonly kind: 'change';
  /** place in history, unique over both topics; ids, revision and rcid follow from it */
  readonly seq: number;
  readonly topic: Topic;
  readonly offset: number;
  /** epoch ms at which it can be read from the topic */
  readonly arrivedMs: number;
  /** `meta.dt` and Kafka timestamp, epoch ms; in the same second as `arrivedMs`, up to 38 ms before it */
  readonly dtMs: number;
  /** event time, epoch seconds */
  readonly timestamp: number;
  readonly deed: Deed;
}

/** An artificial message that tests the way: it has no event in it. */
export interface Canary {
  readonly kind: 'canary';
  readonly topic: Topic;
  readonly offset: number;
  readonly arrivedMs: number;
  readonly dtMs: number;
}
