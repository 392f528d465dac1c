/**
 * How far the stream is known to be read. Nothing marks the end of a minute in a stream, so the answer is a margin
 * behind the newest message of the busiest topic: an idle topic (the datacentre on standby) says nothing about the rest.
 */
import { DISORDER_MS, partitionName, positionsOf } from './stream-cursor.ts';
import type { PartitionCursor, StreamCursor } from './stream-cursor.ts';

/** A partition. */
export interface Place {
  readonly topic: string;
  /** 0 if absent. */
  readonly partition?: number;
}

/** Follows the messages of one epoch. */
export class ReadPosition {
  /** Latest `meta.dt` of each partition, by name. */
  readonly #newestMs = new Map<string, number>();
  /** Events of each topic since the last look. */
  #events = new Map<string, number>();
  /** The topic with most events at the last look that found any. */
  #busiest: string | undefined;
  #readToMs: number | undefined;

  /** Reading starts here, and nothing has been read yet. */
  startAt(startMs: number): number {
    this.#readToMs = Math.max(this.#readToMs ?? startMs, startMs);
    return this.#readToMs;
  }

  /** Takes note of a message. Canaries show how far a quiet topic is read, but make it no busier. */
  note(place: Place, sentAtMs: number, kind: 'event' | 'canary'): void {
    const name = partitionName(place);
    this.#newestMs.set(name, Math.max(this.#newestMs.get(name) ?? 0, sentAtMs));
    if (kind === 'event') this.#events.set(place.topic, (this.#events.get(place.topic) ?? 0) + 1);
  }

  /**
   * Everything sent until this time, epoch ms, was delivered before this look. Never falls; undefined until anything
   * shows it.
   */
  look(cursor: StreamCursor): number | undefined {
    this.#busiest = this.#busiestNow();
    this.#events = new Map();
    const readToMs = this.#reached(cursor, this.#busiest);
    return readToMs === undefined ? this.#readToMs : this.startAt(readToMs);
  }

  /** The same, between two looks. */
  glance(cursor: StreamCursor): number | undefined {
    const readToMs = this.#reached(cursor, this.#busiestNow());
    return readToMs === undefined ? this.#readToMs : Math.max(readToMs, this.#readToMs ?? readToMs);
  }

  #busiestNow(): string | undefined {
    const [busiest] = [...this.#events].toSorted(([, a], [, b]) => b - a);
    return busiest?.[0] ?? this.#busiest;
  }

  #reached(cursor: StreamCursor, busiest: string | undefined): number | undefined {
    const partitions = this.#partitionsToAsk(cursor, busiest);
    if (!partitions.some(each => this.#newestMs.has(partitionName(each)))) return undefined;
    // The partition that is furthest behind decides. An id and a `meta.dt` can each lie; both rarely do at once.
    const reachedMs = partitions.map(each =>
      Math.min(each.timestampMs, this.#newestMs.get(partitionName(each)) ?? Infinity),
    );
    return Math.min(...reachedMs) - DISORDER_MS;
  }

  /** Those of the busiest topic that have ever delivered, because ids can name others; all before the first event. */
  #partitionsToAsk(cursor: StreamCursor, busiest: string | undefined): PartitionCursor[] {
    const all = positionsOf(cursor);
    if (busiest === undefined) return all;
    return all.filter(
      ({ offset, ...place }) =>
        place.topic === busiest && (offset !== undefined || this.#newestMs.has(partitionName(place))),
    );
  }
}
