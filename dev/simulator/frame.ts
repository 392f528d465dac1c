/**
 * Messages on the wire: server-sent events with a cursor, or lines of JSON without one.
 */

import type { Assignment } from './position.ts';

/** What a client gets: SSE by default, lines when it asks for `application/json`. */
export type Format = 'sse' | 'ndjson';

/** Bytes to send; text stays text as long as it can, because one encoding of many frames is cheaper than many. */
export type Frame = string | Uint8Array;

/** The first bytes of a response. */
export function greeting(format: Format): Frame {
  return format === 'sse' ? ':ok\n\n' : '\n';
}

/** One message. @param id what resuming after it would send back */
export function frameOf(format: Format, body: string | Uint8Array, id: readonly Assignment[]): Frame {
  if (format === 'ndjson')
    return typeof body === 'string' ? `${body}\n` : Buffer.concat([body, Buffer.from('\n')]);
  const head = `event: message\nid: ${JSON.stringify(id)}\ndata: `;
  if (typeof body !== 'string') return Buffer.concat([Buffer.from(head), body, Buffer.from('\n\n')]);
  // A line end inside the data continues it on a `data:` line of its own, as KafkaSSE does.
  return `${head}${/[\r\n]/.test(body) ? body.split(/[\r\n]+/).join('\ndata: ') : body}\n\n`;
}

/** A line that every SSE client ignores: nothing to tell, still here. */
export const COMMENT: Frame = ': nothing new\n\n';

/** Frames as one chunk. */
export function join(frames: readonly Frame[]): Frame {
  if (frames.every(frame => typeof frame === 'string')) return frames.join('');
  return Buffer.concat(frames.map(bytesOf));
}

/** A frame as bytes. */
export function bytesOf(frame: Frame): Buffer {
  return typeof frame === 'string'
    ? Buffer.from(frame)
    : Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
}
