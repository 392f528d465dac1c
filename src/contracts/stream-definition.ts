/**
 * What distinguishes one stream of EventStreams from another. The pipeline gets it as one value and never names a
 * stream itself: a second stream has a definition, a prefix in the bucket and a gold of its own.
 */
import type { Counting, MinuteRow } from '../core/minute-counts.ts';
import type { LogKeys } from './storage/object-keys.ts';

/** `Row` is what gold stores. */
export interface StreamDefinition<Row = MinuteRow> extends Counting<Row> {
  /** As in the address of the stream. */
  readonly name: string;
  /** Prefix of all its keys in the bucket, ending in a slash; empty for a stream at the top of the bucket. */
  readonly prefix: string;
  /** Keys of its commit log, below the prefix. */
  readonly logKeys: LogKeys;
  /** Types of events that can count as edits; backfills fetch all of them, whichever are counted now. */
  readonly countableTypes: readonly string[];
  /** Types of events that do. */
  readonly countedTypes: ReadonlySet<string>;
}
