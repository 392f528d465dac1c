/** The digest of a part is that of its lines, however they are compressed or cut into chunks. */
import { createHash } from 'node:crypto';
import { createGunzip, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { PartDigest } from '../../src/contracts/storage/hour-evidence.ts';
import { joined } from '../../src/bronze/parts.ts';
import { digested } from '../../src/transform/part-digest.ts';

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<[PartDigest | undefined, string]> {
  let found: PartDigest | undefined;
  const read = await joined(digested(chunks, digest => (found = digest)));
  return [found, read.toString('utf8')];
}

describe('digested', () => {
  const text = '{"a":1}\n{"b":"ü"}\n{"c":3}\n';
  const expected = {
    lines: 3,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  };

  test.each([1, 3, 8, 1_000])('is the same in chunks of %i bytes, and passes them on', async size => {
    expect(await digestOf(cut(Buffer.from(text), size))).toEqual([expected, text]);
  });

  test.each([1, 6, 9])('is the same when the lines are compressed at level %i', async level => {
    const inflate = createGunzip();
    inflate.end(gzipSync(text, { level }));
    expect(await digestOf(inflate)).toEqual([expected, text]);
  });

  test.each([
    ['', 0],
    ['\n', 0],
    ['a', 1],
    ['a\n\n\nb', 2],
    ['\na\n', 1],
  ])('counts the lines of %j that are not empty', async (lines, count) => {
    for (const size of [1, 2, 100]) {
      const [digest] = await digestOf(cut(Buffer.from(lines), size));
      expect(digest).toMatchObject({ lines: count, bytes: lines.length });
    }
  });

  test('of other lines is another one', async () => {
    const [digest] = await digestOf(cut(Buffer.from(text.replace('3', '4')), 100));
    expect(digest).toMatchObject({ lines: 3, bytes: expected.bytes });
    expect(digest?.sha256).not.toBe(expected.sha256);
  });

  test('is not given for a part that is left half way', async () => {
    const ended: PartDigest[] = [];
    for await (const _ of digested(cut(Buffer.from(text), 4), digest => ended.push(digest))) break;
    expect(ended).toEqual([]);
  });
});
