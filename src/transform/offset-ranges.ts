/** Collects the Kafka offsets of the events of an hour, by partition. */
import type { OffsetRange } from '../contracts/storage/hour-evidence.ts';
import type { Origin } from '../core/reading.ts';

/** Lines can name any topic; a cursor follows no more partitions either. */
const MOST_PARTITIONS = 100;

type Counted = { -readonly [Name in keyof OffsetRange]: OffsetRange[Name] };

export class OffsetRanges {
  readonly #partitions = new Map<string, Map<number, Counted>>();
  #size = 0;

  /** Adds the position of an event; one without an offset, as of the Action API, tells nothing. */
  add(origin: Origin | undefined): void {
    if (origin?.offset === undefined || origin.offset < 0) return;
    const { topic, partition = 0, offset } = origin;
    const range = this.#partitions.get(topic)?.get(partition) ?? this.#open(topic, partition, offset);
    if (range === undefined) return;
    range.first = Math.min(range.first, offset);
    range.last = Math.max(range.last, offset);
    range.events += 1;
  }

  /** By topic and partition. */
  get all(): OffsetRange[] {
    return [...this.#partitions.values()]
      .flatMap(ofTopic => [...ofTopic.values()])
      .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  }

  #open(topic: string, partition: number, offset: number): Counted | undefined {
    if (this.#size >= MOST_PARTITIONS) return undefined;
    this.#size += 1;
    const range = { topic, partition, first: offset, last: offset, events: 0 };
    const ofTopic = this.#partitions.get(topic) ?? new Map<number, Counted>();
    this.#partitions.set(topic, ofTopic.set(partition, range));
    return range;
  }
}
