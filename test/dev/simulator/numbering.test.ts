/** Partitions and holes: how the messages of a topic are numbered for clients. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Numbering } from '../../../dev/simulator/numbering.ts';

const FIRST = 5_356_060_000;
const anyHoles = fc.array(
  fc.record({
    position: fc.integer({ min: FIRST, max: FIRST + 300 }),
    size: fc.integer({ min: 1, max: 9_000 }),
  }),
  { maxLength: 5 },
);

describe('a numbering', () => {
  it('is the position with one partition and no holes', () => {
    const numbering = new Numbering(1);
    expect(numbering.placeOf(FIRST)).toEqual({ partition: 0, offset: FIRST });
    expect(numbering.positionOf({ partition: 0, offset: FIRST })).toBe(FIRST);
  });

  it('has consecutive offsets in each partition, except for the holes, and finds each message by them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), anyHoles, (partitions, holes) => {
        const numbering = new Numbering(partitions, holes);
        const last = new Map<number, number>();
        for (let position = FIRST - 10; position < FIRST + 320; position += 1) {
          const { partition, offset } = numbering.placeOf(position);
          expect(partition).toBe(position % partitions);
          const skipped = holes
            .filter(hole => hole.position === position)
            .reduce((sum, { size }) => sum + size, 0);
          expect(offset - (last.get(partition) ?? offset - 1 - skipped)).toBe(1 + skipped);
          last.set(partition, offset);
          expect(numbering.positionOf({ partition, offset })).toBe(position);
          // From the hole before it, and from the messages of other partitions before it, too.
          expect(numbering.positionOf({ partition, offset: offset - skipped })).toBe(position);
          expect(numbering.offsetIn(partition, position)).toBe(offset);
          expect(numbering.offsetIn(partition, position - partitions + 1)).toBe(offset);
        }
      }),
      { numRuns: 200 },
    );
  });
});
