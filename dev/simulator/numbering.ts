/**
 * The numbers of a topic's messages as its clients see them: a partition, and an offset in it. Inside the simulator a
 * message has one position in its topic, without partitions and holes.
 * Guarantee: pure, and in closed form, so that the offset of any message can be computed without those before it.
 */

/** Where a message is, for clients. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** Offsets that no message has. */
export interface Hole {
  /** position of the first message after the hole; the hole is in the partition of this message */
  readonly position: number;
  /** number of offsets */
  readonly size: number;
}

/** A hole of one partition. */
interface PartitionHole {
  /** number of messages of the partition before it */
  readonly nth: number;
  readonly size: number;
}

export class Numbering {
  /** by partition, in order */
  readonly #holes: readonly (readonly PartitionHole[])[];

  /** @param partitions messages go to one after the other */
  constructor(partitions: number, holes: readonly Hole[] = []) {
    const sorted = [...holes].sort((a, b) => a.position - b.position);
    this.#holes = Array.from({ length: partitions }, (_, partition) =>
      sorted
        .filter(({ position }) => position % partitions === partition)
        .map(({ position, size }) => ({ nth: Math.floor(position / partitions), size })),
    );
  }

  partitionOf(position: number): number {
    return position % this.#holes.length;
  }

  /** The place of the message at a position. */
  placeOf(position: number): Place {
    const partition = this.partitionOf(position);
    return { partition, offset: this.offsetIn(partition, position) };
  }

  /** Offset of the first message of a partition at or after a position. */
  offsetIn(partition: number, position: number): number {
    const nth = Math.ceil((position - partition) / this.#holes.length);
    let offset = nth;
    for (const hole of this.#holes[partition] ?? []) if (hole.nth <= nth) offset += hole.size;
    return offset;
  }

  /** Position of the first message of a partition at or after an offset. */
  positionOf({ partition, offset }: Place): number {
    let nth = offset;
    for (const hole of this.#holes[partition] ?? []) {
      if (nth < hole.nth) break;
      nth = Math.max(hole.nth, nth - hole.size);
    }
    return nth * this.#holes.length + partition;
  }
}
