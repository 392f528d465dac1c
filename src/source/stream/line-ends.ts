/**
 * Ends every line of a stream with LF: CR and CR LF end one too. The parser would wait for the byte after a CR, so the last
 * event before a silence would come late, and the last one of a connection never.
 */

const LF = 10;
const CR = 13;

/** Returns a function that takes the chunks of a stream in order and returns them with LF alone. */
export function withLineFeeds(): (chunk: Buffer) => Buffer {
  let wasCr = false;
  return chunk => {
    if (chunk.length === 0) return chunk;
    const isRest = wasCr && chunk[0] === LF;
    wasCr = chunk.at(-1) === CR;
    // Wikimedia sends none.
    if (!chunk.includes(CR)) return isRest ? chunk.subarray(1) : chunk;
    const text = (isRest ? chunk.subarray(1) : chunk).toString('latin1');
    return Buffer.from(text.replaceAll(/\r\n?/g, '\n'), 'latin1');
  };
}
