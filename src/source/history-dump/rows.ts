/** Plain bytes of a dump, cut into rows at their newlines. */
import { unreadable } from './unreadable.ts';

/** A comment has at most some hundred bytes, a row some kilobytes. More is no dump, and must not fill the memory. */
const MAX_ROW = 4 << 20;
const NEWLINE = 0x0a;

/**
 * Yields the rows of each chunk, without newlines; a row over several chunks comes with the last of them.
 * A row is a view of its chunk. Rows come in batches because a step of an async generator per row would take as long
 * as to judge it.
 * @param subject URL or name of the file, for the error.
 * @throws PipelineError `dump_unreadable` for a row of more than 4 MiB.
 */
export async function* rowsOf(
  chunks: AsyncIterable<Uint8Array>,
  subject: string,
): AsyncGenerator<Iterable<Buffer>> {
  let begun: Buffer[] = [];
  let begunLength = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const first = bytes.indexOf(NEWLINE);
    const last = bytes.lastIndexOf(NEWLINE);
    begunLength += first < 0 ? bytes.length : first;
    if (begunLength > MAX_ROW) throw unreadable(subject, `a row of more than ${MAX_ROW >> 20} MiB`);
    if (first < 0) {
      begun.push(bytes);
      continue;
    }
    yield [Buffer.concat([...begun, bytes.subarray(0, first)])];
    yield rowsBetween(bytes, first + 1, last);
    begun = [bytes.subarray(last + 1)];
    begunLength = bytes.length - last - 1;
  }
  if (begunLength > 0) yield [Buffer.concat(begun)];
}

function* rowsBetween(bytes: Buffer, from: number, last: number): Generator<Buffer> {
  for (let at = from; at <= last;) {
    const end = bytes.indexOf(NEWLINE, at);
    yield bytes.subarray(at, end);
    at = end + 1;
  }
}
