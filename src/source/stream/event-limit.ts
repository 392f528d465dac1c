/**
 * A bound on the size of one event in the byte stream. An event without an end would fill the parser's memory; what
 * goes beyond the bound is dropped up to the event's end, so that a truncated event comes out, and all others whole.
 */

const LF = 10;
const CR = 13;
/** Ways in which a blank line, which ends an event, can lie in the bytes; the first is the usual one. */
const BLANK_LINES = [Buffer.from('\n\n'), Buffer.from('\n\r'), Buffer.from('\r\r')];
const [USUAL = Buffer.from('\n\n'), ...UNUSUAL] = BLANK_LINES;

/** Answers a function that takes the stream's chunks in order and gives back what may be parsed of each. */
export function limitEvents(maxBytes: number): (chunk: Buffer) => Buffer {
  /** Bytes since an event ended. */
  let bytes = 0;
  let lastByte = 0;
  return chunk => {
    // A server that sends line by line puts every blank line across two chunks.
    const straddles = endsLine(lastByte, chunk[0] ?? 0);
    const kept = bytes > maxBytes ? fromNextEvent(chunk, straddles) : chunk;
    const end = Math.max(lastEnd(chunk), straddles ? 0 : -1);
    bytes = end < 0 ? bytes + chunk.length : chunk.length - end;
    lastByte = chunk.at(-1) ?? lastByte;
    return kept;
  };
}

/** The chunk from its first blank line on; nothing when it has none. */
function fromNextEvent(chunk: Buffer, straddles: boolean): Buffer {
  const starts = straddles ? [0] : BLANK_LINES.map(blank => chunk.indexOf(blank)).filter(start => start >= 0);
  if (starts.length === 0) return chunk.subarray(0, 0);
  // Part of the blank line may have been dropped with what was before it.
  return Buffer.concat([USUAL, chunk.subarray(Math.min(...starts))]);
}

/** Where the last blank line within a chunk begins, or -1. */
function lastEnd(chunk: Buffer): number {
  const usual = chunk.lastIndexOf(USUAL);
  // The others are looked for only then: each search costs as much as all the rest of the reading.
  return usual >= 0 ? usual : Math.max(...UNUSUAL.map(blank => chunk.lastIndexOf(blank)));
}

/** Whether two bytes in a row end a line and then a blank one; CR LF is the end of one line. */
function endsLine(before: number, byte: number): boolean {
  return (before === LF || before === CR) && (byte === CR || (byte === LF && before === LF));
}
