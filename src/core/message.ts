/** One message of the stream as bytes: judged, and made ready for a line of bronze. */
import { isUtf8 } from 'node:buffer';
import { dead, readRecentChange } from './recent-change.ts';
import type { Reading, ReadingRules } from './recent-change.ts';

/** Judges one message by the bytes of its `data:` field. Never throws. */
export function readMessage(data: Buffer, rules: ReadingRules): Reading {
  return isUtf8(data) ? readRecentChange(data.toString('utf8'), rules) : dead('invalid_utf8', {});
}

/** The data as one line: `data:` lines were joined by line ends, which in JSON can only stand between tokens. */
export function oneLine(data: Buffer): Buffer {
  return data.includes(10) ? Buffer.from(data.map(byte => (byte === 10 ? 32 : byte))) : data;
}
