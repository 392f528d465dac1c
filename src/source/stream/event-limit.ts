/**
 * Limits the size of one event in the byte stream, because an event without an end would fill the parser's memory. The
 * bytes of an event past the limit are dropped: it arrives truncated, and all others arrive whole.
 */

const LF = 10;
const CR = 13;
/** Byte sequences of a blank line, which ends an event. Wikimedia sends the first. */
const BLANK_LINES = [Buffer.from('\n\n'), Buffer.from('\n\r'), Buffer.from('\r\r')];
const [COMMON = Buffer.from('\n\n'), ...OTHERS] = BLANK_LINES;

/** Returns a function that takes the chunks of a stream in order and returns the part of each to parse. */
export function limitEvents(maxBytes: number): (chunk: Buffer) => Buffer {
  /** Bytes since the end of the last event. */
  let bytes = 0;
  let lastByte = 0;
  return chunk => {
    // A server that sends line by line splits every blank line across two chunks.
    const straddles = endsLine(lastByte, chunk[0] ?? 0);
    const kept = bytes > maxBytes ? fromNextEvent(chunk, straddles) : chunk;
    const end = Math.max(lastEnd(chunk), straddles ? 0 : -1);
    bytes = end < 0 ? bytes + chunk.length : chunk.length - end;
    lastByte = chunk.at(-1) ?? lastByte;
    return kept;
  };
}

/** The chunk from its first blank line on; empty when it has none. */
function fromNextEvent(chunk: Buffer, straddles: boolean): Buffer {
  const starts = straddles ? [0] : BLANK_LINES.map(blank => chunk.indexOf(blank)).filter(start => start >= 0);
  if (starts.length === 0) return chunk.subarray(0, 0);
  // Part of the blank line may have been dropped with the bytes before it.
  return Buffer.concat([COMMON, chunk.subarray(Math.min(...starts))]);
}

/** Where the last blank line within a chunk starts, or -1. */
function lastEnd(chunk: Buffer): number {
  const common = chunk.lastIndexOf(COMMON);
  // Searched for only if needed: each search costs as much as the rest of the reading.
  return common >= 0 ? common : Math.max(...OTHERS.map(blank => chunk.lastIndexOf(blank)));
}

/** Whether two bytes in a row end a line and a blank line. CR LF ends only one line. */
function endsLine(before: number, byte: number): boolean {
  return (before === LF || before === CR) && (byte === CR || (byte === LF && before === LF));
}
