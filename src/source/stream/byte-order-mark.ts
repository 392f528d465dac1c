/** The byte order mark that a stream may begin with: it is no part of its first field, wherever the chunks are cut. */

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Returns a function that takes the chunks of a stream in order and returns them without the mark at its start. */
export function afterMark(): (chunk: Buffer) => Buffer {
  /** Bytes that may be the beginning of the mark; undefined once that is decided. */
  let held: Buffer | undefined = Buffer.alloc(0);
  return chunk => {
    if (held === undefined) return chunk;
    const start = Buffer.concat([held, chunk]);
    const isUndecided = start.length < MARK.length && MARK.subarray(0, start.length).equals(start);
    held = isUndecided ? start : undefined;
    if (isUndecided) return start.subarray(0, 0);
    return start.subarray(0, MARK.length).equals(MARK) ? start.subarray(MARK.length) : start;
  };
}
