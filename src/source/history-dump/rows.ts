/** Splits the plain bytes of a dump into rows. */
import { unreadable } from './unreadable.ts';

/** Real rows have a few kilobytes. A longer one is not from a dump, and must not fill the memory. */
const MAX_ROW = 4 << 20;
const NEWLINE = 0x0a;

/**
 * Yields the rows of each chunk, without newlines; a row that spans several chunks comes with the last of them. A row is
 * a view of its chunk. Rows come in batches, because one step of an async generator takes as long as reading a row.
 * @param subject URL or name of the file, for the error.
 * @throws PipelineError `dump_unreadable` for a row of more than 4 MiB.
 */
export async function* rowsOf(
  chunks: AsyncIterable<Uint8Array>,
  subject: string,
): AsyncGenerator<Iterable<Buffer>> {
  let partial: Buffer[] = [];
  let partialLength = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const first = bytes.indexOf(NEWLINE);
    const last = bytes.lastIndexOf(NEWLINE);
    partialLength += first < 0 ? bytes.length : first;
    if (partialLength > MAX_ROW) throw unreadable(subject, `a row of more than ${MAX_ROW >> 20} MiB`);
    if (first < 0) {
      partial.push(bytes);
      continue;
    }
    yield [Buffer.concat([...partial, bytes.subarray(0, first)])];
    yield rowsBetween(bytes, first + 1, last);
    partial = [bytes.subarray(last + 1)];
    partialLength = bytes.length - last - 1;
  }
  if (partialLength > 0) yield [Buffer.concat(partial)];
}

function* rowsBetween(bytes: Buffer, from: number, last: number): Generator<Buffer> {
  for (let at = from; at <= last;) {
    const end = bytes.indexOf(NEWLINE, at);
    yield bytes.subarray(at, end);
    at = end + 1;
  }
}
