/**
 * Messages on the wire: server-sent events with a cursor, or lines of JSON without one.
 */

import type { Assignment } from './position.ts';

/** SSE by default; lines when the client asks for `application/json`. */
export type Format = 'sse' | 'ndjson';

/** Data to send. Text is encoded as late as possible: encoding many frames at once is cheaper. */
export type Frame = string | Uint8Array;

/** The first bytes of a response. */
export function greeting(format: Format): Frame {
  return format === 'sse' ? ':ok\n\n' : '\n';
}

/** One message. @param id the position that a client sends back to resume after it */
export function frameOf(format: Format, body: string | Uint8Array, id: readonly Assignment[]): Frame {
  if (format === 'ndjson')
    return typeof body === 'string' ? `${body}\n` : Buffer.concat([body, Buffer.from('\n')]);
  const head = `event: message\nid: ${JSON.stringify(id)}\ndata: `;
  if (typeof body !== 'string') return Buffer.concat([Buffer.from(head), body, Buffer.from('\n\n')]);
  // Data with line breaks becomes several `data:` lines, as in KafkaSSE.
  return `${head}${/[\r\n]/.test(body) ? body.split(/[\r\n]+/).join('\ndata: ') : body}\n\n`;
}

/** A keep-alive line that every SSE client ignores. */
export const COMMENT: Frame = ': nothing new\n\n';

/** Joins frames into one chunk. */
export function join(frames: readonly Frame[]): Frame {
  if (frames.every(frame => typeof frame === 'string')) return frames.join('');
  return Buffer.concat(frames.map(bytesOf));
}

export function bytesOf(frame: Frame): Buffer {
  return typeof frame === 'string'
    ? Buffer.from(frame)
    : Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
}
