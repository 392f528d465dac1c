/** Digests a part while it is counted. A rebuild reads every line anyway, so nothing is read or decompressed again. */
import { createHash } from 'node:crypto';
import type { PartDigest } from '../contracts/storage/hour-evidence.ts';

const NEWLINE = 10;

/**
 * The same chunks. Once they have all been read, `onEnd` gets their digest; it is called for no part that is left half way.
 */
export async function* digested(
  chunks: AsyncIterable<Uint8Array>,
  onEnd: (digest: PartDigest) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  let lines = 0;
  // Whether the line that is being read has bytes.
  let isOpen = false;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (isOpen || end > start) lines += 1;
      isOpen = false;
      start = end + 1;
    }
    isOpen ||= start < chunk.length;
    yield chunk;
  }
  onEnd({ lines: lines + Number(isOpen), bytes, sha256: hash.digest('hex') });
}
