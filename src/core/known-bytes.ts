/** ⑤ Short sequences of bytes that are expected again, kept as words so that they are compared four bytes at once. */
import type { JsonBytes } from './json-bytes.ts';

/** Fewer bytes do not fill a word. */
export const LEAST_BYTES = 4;

/** Keeps the bytes at `from`, `LEAST_BYTES` or more, as words from `at` on. */
export function keepBytes(
  json: JsonBytes,
  from: number,
  length: number,
  words: Int32Array,
  at: number,
): void {
  const last = length - 4;
  let word = at;
  for (let i = 0; i < last; i += 4) words[word++] = json.word(from + i);
  // May overlap the one before.
  words[word] = json.word(from + last);
}

/** Whether the bytes at `from` are those that were kept at `at`, of the same length. */
export function areBytes(
  json: JsonBytes,
  from: number,
  length: number,
  words: Int32Array,
  at: number,
): boolean {
  const last = length - 4;
  let word = at;
  for (let i = 0; i < last; i += 4) if (json.word(from + i) !== words[word++]) return false;
  return json.word(from + last) === words[word];
}
