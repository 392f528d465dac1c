/** One message of the stream as bytes: its judgement, and its form as one line of bronze. */
import { isUtf8 } from 'node:buffer';
import { dead } from './reading.ts';
import type { Judge, JudgeRules, Reading } from './reading.ts';

/** Judges one message by the bytes of its `data:` field. Never throws. */
export function readMessage(data: Buffer, judge: Judge, rules: JudgeRules): Reading {
  return isUtf8(data) ? judge(data.toString('utf8'), rules) : dead('invalid_utf8', {});
}

/**
 * The message as a single line. A message of several `data:` lines is joined by line ends; in JSON they can only stand
 * between tokens, so a space means the same.
 */
export function oneLine(data: Buffer): Buffer {
  return data.includes(10) ? Buffer.from(data.map(byte => (byte === 10 ? 32 : byte))) : data;
}
