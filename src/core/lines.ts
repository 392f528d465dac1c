/** Lines of a stream of bytes. */

/** Uncompressed NDJSON; a chunk may end in the middle of a line. */
export type Chunks = AsyncIterable<Uint8Array>;

const NEWLINE = 10;

/** The text of every non-empty line. */
export async function* linesOf(chunks: Chunks): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let pieces: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      pieces.push(chunk.subarray(start, end));
      const line = joined(pieces);
      if (line.length > 0) yield decoder.decode(line);
      pieces = [];
      start = end + 1;
    }
    // Joined once at the end of the line: joining at every chunk is quadratic on a line of many megabytes.
    if (start < chunk.length) pieces.push(chunk.slice(start));
  }
  const last = joined(pieces);
  if (last.length > 0) yield decoder.decode(last);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
