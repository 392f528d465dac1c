/** ⑤ The fast reader of lines says what the judge says, on lines that are almost events. */
import { expect, test } from 'vitest';
import { Random } from '../../dev/simulator/random.ts';
import { countDistinct, countMinutes } from '../../src/core/minute-counts.ts';
import { compareReaders } from '../support/both-readers.ts';
import { cutAt, streamed } from '../support/hostile-events.ts';
import { STREAM, STREAM_WITH_NEW } from '../support/stream.ts';
import { FUZZ_RUNS, FUZZ_SEED } from './fuzz.ts';
import { mutatedLine } from './mutated-lines.ts';

/** A line takes a small part of the time that a message takes. */
const LINES = FUZZ_RUNS * 10;
const PART_LINES = 200;

test('any line is read as the judge reads it, or left to it', { timeout: 3_600_000 }, () => {
  console.log(`FUZZ_SEED=${FUZZ_SEED} FUZZ_RUNS=${FUZZ_RUNS}`);
  const random = new Random(FUZZ_SEED);
  let read = 0;
  for (let done = 0; done < LINES; done += 1) {
    const stream = random.pick([STREAM, STREAM_WITH_NEW]);
    const reader = stream.lineReader;
    if (reader === undefined) throw new Error('the stream has no fast reader');
    const rules = { needsId: random.chance(0.5), behind: random.below(256) };
    if (compareReaders(mutatedLine(random), reader, stream, rules) === 'read') read += 1;
  }
  // Lines that are all read, or all left, would test little.
  expect(read).toBeGreaterThan(LINES / 5);
  expect(read).toBeLessThan((LINES * 4) / 5);
});

test(
  'parts of such lines are counted as if by the judge alone, however they are cut',
  { timeout: 3_600_000 },
  async () => {
    const random = new Random(FUZZ_SEED + 1);
    for (let done = 0; done < LINES / 4; done += PART_LINES) {
      const stream = random.pick([STREAM, STREAM_WITH_NEW]);
      const { judge, newFold } = stream;
      const lines = Array.from({ length: PART_LINES }, () => [
        mutatedLine(random),
        Buffer.from(random.pick(['\n', '\n', '\n', '\n\n', '\r\n'])),
      ]);
      const part = Buffer.concat(lines.flat());
      const pieces = cutAt(
        part,
        Array.from({ length: random.below(20) }, () => random.word()),
      );
      expect(await countMinutes(streamed(pieces), stream)).toEqual(
        await countMinutes(streamed([part]), { judge, newFold }),
      );
      const needsId = random.chance(0.5);
      async function* twice(): AsyncGenerator<{ chunks: AsyncGenerator<Uint8Array>; needsId: boolean }> {
        yield { chunks: streamed(pieces), needsId };
        yield { chunks: streamed([part]), needsId };
      }
      expect(await countDistinct(twice(), stream, 1_724_299_410_000)).toEqual(
        await countDistinct(twice(), { judge, newFold }, 1_724_299_410_000),
      );
    }
  },
);
