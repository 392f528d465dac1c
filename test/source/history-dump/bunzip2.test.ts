/** Streaming bzip2: the bytes that were compressed, or a failure that says where. */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PipelineError } from '../../../src/contracts/errors.ts';
import { bunzip2 } from '../../../src/source/history-dump/bunzip2.ts';
import { NUMBERS } from './fixtures.ts';

/** `seq 300 | bzip2 -1 | base64` */
const SMALL = Buffer.from(
  'QlpoMTFBWSZTWfqyn6IAALVIAAAQf+BAApA2HAAxqlHlP8qhVP0wT/VUhU/1Ux6n6UHUf/+qUm/VT/KqR9yJq83z7yADToDB' +
    'IFhQKBYSBg6A0gA84AGuOgPIANOgMEgWFAoFhIGDoDSADzgAY4SBYUCgWEgYOgNIAPOAA4cKqtrS222ySSSKAAAAAEojlttu' +
    '2y2223e973vdaJohE0QiaIRNEImiETRCJohE0QiaIRNbnJtttr+qtttu973ve9f1iaIRNANoBtANoBtANoBtANoBtbnMbbbW' +
    'W/+222aSSS398AAAAG7tu2219tq22yaSSWwAAAAbu23m21+229bbJNJJb6AAAAN3bbfdtfLbb5bZJNJLfoAAAA3dttvdr1tt' +
    'v22SSaS3wAAAAbu222mq222+2SSTS3gAAAB87eebbbS1bbbfbJJJ+/YAAAD4fwu5IpwoSH1ZT9EA',
  'base64',
);
const SMALL_PLAIN = Buffer.from(Array.from({ length: 300 }, (_, index) => `${index + 1}\n`).join(''));
/** `printf '' | bzip2 | base64` */
const EMPTY = Buffer.from('QlpoORdyRThQkAAAAAA=', 'base64');

async function* inPieces(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function plain(bytes: Uint8Array, size?: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bunzip2(inPieces(bytes, size))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function compressed(bytes: Uint8Array, ...flags: string[]): Buffer {
  return execFileSync('bzip2', ['-c', ...flags], { input: bytes, maxBuffer: 1 << 28 });
}

const unreadable = (message: RegExp): object =>
  expect.objectContaining({
    code: 'dump_unreadable',
    retryable: false,
    message: expect.stringMatching(message),
  });

describe('a small file', () => {
  test.each([1, 2, 3, 7, 64, undefined])('in pieces of %s bytes', async size => {
    expect(await plain(SMALL, size)).toEqual(SMALL_PLAIN);
  });

  test('several streams in a row, one of them empty', async () => {
    const joined = Buffer.concat([SMALL, EMPTY, SMALL, SMALL]);
    expect(await plain(joined, 5)).toEqual(Buffer.concat([SMALL_PLAIN, SMALL_PLAIN, SMALL_PLAIN]));
  });

  test('an empty stream', async () => {
    expect(await plain(EMPTY)).toHaveLength(0);
  });

  test('cut anywhere is an error', async () => {
    for (let length = 0; length < SMALL.length; length++) {
      await expect(plain(SMALL.subarray(0, length)), `${length}`).rejects.toThrow(
        unreadable(length === 0 ? /empty/ : /cut off/),
      );
    }
  });

  test('cut within the second of two streams is an error', async () => {
    await expect(plain(Buffer.concat([SMALL, SMALL.subarray(0, 3)]))).rejects.toThrow(/cut off/);
  });

  test('with any bit flipped is an error, never other bytes', async () => {
    for (let bit = 0; bit < SMALL.length * 8; bit++) {
      const damaged = Buffer.from(SMALL);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const outcome = await plain(damaged).catch((error: unknown) => error);
      // The size of blocks and the padding at the end may differ without harm.
      const isRight = Buffer.isBuffer(outcome) && outcome.equals(SMALL_PLAIN);
      expect(isRight || (outcome instanceof PipelineError && outcome.code), `${bit}`).toSatisfy(
        each => each === true || each === 'dump_unreadable',
      );
    }
  });

  test('distinguishes the wrong checksum of a block from that of the stream', async () => {
    const block = Buffer.from(SMALL);
    block[10] = (block[10] ?? 0) ^ 1;
    await expect(plain(block)).rejects.toThrow(/block .* wrong checksum/);
    const stream = Buffer.from(SMALL);
    stream[SMALL.length - 3] = (stream[SMALL.length - 3] ?? 0) ^ 0x10;
    await expect(plain(stream)).rejects.toThrow(/wrong checksum of the stream/);
  });

  test('other data after the stream, or instead of it, is an error', async () => {
    const after = new RegExp(`no bzip2 stream begins at compressed byte ${SMALL.length}`);
    await expect(plain(Buffer.concat([SMALL, Buffer.from('rubbish')]))).rejects.toThrow(after);
    await expect(plain(Buffer.from('<html>Log in</html>'))).rejects.toThrow(/no bzip2 stream begins/);
  });

  test('closes the source when the reader leaves', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield SMALL;
      } finally {
        closed = true;
      }
    }
    for await (const chunk of bunzip2(source())) {
      expect(Buffer.from(chunk)).toEqual(SMALL_PLAIN);
      break;
    }
    expect(closed).toBe(true);
  });
});

const hasBzip2 = ((): boolean => {
  try {
    execFileSync('bzip2', ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('Tests against the bzip2 command are skipped: it is not installed');
    return false;
  }
})();

describe.skipIf(!hasBzip2)('what the bzip2 command makes', () => {
  test.each(['-1', '-9'])('several blocks, %s', async level => {
    expect(await plain(compressed(NUMBERS, level), 10_000)).toEqual(NUMBERS);
  });

  test('several blocks, cut anywhere', async () => {
    const file = compressed(NUMBERS, '-1');
    for (let length = 1; length < file.length; length += 997) {
      await expect(plain(file.subarray(0, length), 5_000), `${length}`).rejects.toThrow(
        unreadable(/cut off/),
      );
    }
  });

  test('long runs, which expand fifty times', async () => {
    const runs = Buffer.concat([Buffer.alloc(50_000_000, 'x'), Buffer.from('yyyyz'), Buffer.alloc(259, 0)]);
    expect((await plain(compressed(runs))).equals(runs)).toBe(true);
  });

  test('random bytes, whose codes are long', async () => {
    let seed = 7;
    const noise = Buffer.from(
      Array.from({ length: 2_500_000 }, () => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        return seed >>> 24;
      }),
    );
    expect((await plain(compressed(noise))).equals(noise)).toBe(true);
  });

  test('codes longer than the fast table', async () => {
    // Each byte is half as frequent as the one before: lengths of codes up to the limit.
    const skewed = Buffer.concat(
      Array.from({ length: 17 }, (_, index) => Buffer.alloc(1 << index, 65 + index)),
    );
    let seed = 1;
    for (let at = skewed.length - 1; at > 0; at--) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const other = seed % (at + 1);
      [skewed[at], skewed[other]] = [skewed[other] ?? 0, skewed[at] ?? 0];
    }
    expect((await plain(compressed(skewed))).equals(skewed)).toBe(true);
  });

  test('any bytes', async () => {
    const pieces = fc.array(fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.integer({ min: 1, max: 600 })));
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 500 }), async (parts, size) => {
        const bytes = Buffer.concat(parts.flatMap(([part, times]) => Array<Uint8Array>(times).fill(part)));
        expect((await plain(compressed(bytes), size)).equals(bytes)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
