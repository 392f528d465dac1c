/**
 * The field `retry` of a stream: how long a client waits before it connects again, ms. The parser keeps it to itself.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */

const FIELD = Buffer.from('\nretry:');
const LF = 10;
/** No pause takes more characters. */
const MAX_LINE = 32;
/** A line that is no such field, whatever follows. */
const OTHER = Buffer.from('x');

/** Returns a function that takes the chunks of a stream in order, with LF at the end of each line. */
export function watchRetry(onRetry: (pauseMs: number) => void): (chunk: Buffer) => void {
  /** The end of the last line, and what has come of the next one. */
  let held: Buffer = Buffer.from('\n');
  return chunk => {
    const text = Buffer.concat([held, chunk]);
    for (let at = text.indexOf(FIELD); at >= 0; at = text.indexOf(FIELD, at + 1)) {
      const end = text.indexOf(LF, at + 1);
      const pause = end < 0 ? null : /^ ?(\d+)$/.exec(text.toString('latin1', at + FIELD.length, end));
      if (pause !== null && end - at <= MAX_LINE) onRetry(Number(pause[1]));
    }
    const line = text.subarray(Math.max(text.lastIndexOf(LF), 0));
    held = line[0] !== LF || line.length > MAX_LINE ? OTHER : Buffer.from(line);
  };
}
