/** ⑥ Counted revisions are those of a plain set, whatever their numbers are. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RevisionSet } from '../../src/core/revision-set.ts';

test('says of each revision whether it is new, as a set for each wiki does', () => {
  const revision = fc.oneof(
    fc.nat(50),
    fc.maxSafeInteger(),
    fc.constantFrom(0, -0, -1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1),
    // Neighbours, and numbers whose lower halves are the same.
    fc.nat(300).map(number => 1_200_000_000 + number),
    fc.nat(300).map(number => number * 2 ** 32),
  );
  const added = fc.array(fc.tuple(fc.constantFrom('enwiki', 'dewiki', '__proto__'), revision), {
    maxLength: 500,
  });
  fc.assert(
    fc.property(added, revisions => {
      const set = new RevisionSet();
      const seen = new Set<string>();
      for (const [wiki, number] of revisions) {
        const name = `${wiki} ${number}`;
        expect(set.add(wiki, number)).toBe(!seen.has(name));
        seen.add(name);
      }
    }),
    { numRuns: 500 },
  );
});
