/** ⑤ Cuts a stream of bytes into blocks of whole lines. Only lines that a chunk cuts in two are copied. */
import { JsonBytes, SLACK } from './json-bytes.ts';
import type { Chunks } from './lines.ts';

const NEWLINE = 10;

/** All lines, in order. A block is valid until the next one is asked for. */
export async function* blocksOf(chunks: Chunks): AsyncGenerator<JsonBytes> {
  // Begins with a line of which the end has not been seen yet, or was too close to the end of its chunk.
  let pieces: Uint8Array[] = [];
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    let start = 0;
    if (pieces.length > 0) {
      start = chunk.indexOf(NEWLINE) + 1;
      // Joined once, with the end of the line: joining at every chunk is quadratic on a line of many megabytes.
      pieces.push(chunk.slice(0, start === 0 ? chunk.length : start));
      if (start === 0) continue;
      yield joined(pieces);
      pieces = [];
    }
    const end = chunk.length > SLACK ? chunk.lastIndexOf(NEWLINE, chunk.length - SLACK - 1) + 1 : 0;
    if (end > start) yield new JsonBytes(chunk.subarray(start, end + SLACK));
    const rest = Math.max(start, end);
    if (rest < chunk.length) pieces.push(chunk.slice(rest));
  }
  if (pieces.length > 0) yield joined(pieces);
}

/** Lines in a buffer of their own; the last one gets a line end if it has none. */
function joined(pieces: readonly Uint8Array[]): JsonBytes {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const isEnded = pieces.at(-1)?.at(-1) === NEWLINE;
  const whole = new Uint8Array(length + Number(!isEnded) + SLACK).fill(NEWLINE, length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return new JsonBytes(whole);
}
