/** Texts of short names that come again and again, such as wikis and topics: each is decoded once, not once a line. */
import type { JsonBytes } from './json-bytes.ts';

/** A power of two, well above the number of wikis. A name that meets another in its slot replaces it. */
const SLOTS = 4_096;
/** Longer ones are rare, and comparing them would cost more than it saves. */
const LONGEST = 64;

export class NameCache {
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '');
  readonly #isName: (text: string) => boolean;

  constructor(isName: (text: string) => boolean = () => true) {
    this.#isName = isName;
  }

  /** The text between two places; undefined when it is empty, long, not ASCII, or not a name. */
  textOf(json: JsonBytes, from: number, to: number): string | undefined {
    const length = to - from;
    if (length === 0 || length > LONGEST) return undefined;
    const { bytes } = json;
    const middle = bytes[from + (length >> 1)] ?? 0;
    const last = bytes[to - 1] ?? 0;
    const mixed = Math.imul(json.word(from) ^ (last << 24) ^ (middle << 16) ^ length, 0x9e3779b1);
    const slot = mixed >>> 20;
    const known = this.#texts[slot] ?? '';
    if (isSame(known, bytes, from, length)) return known;
    const text = decoded(bytes, from, to);
    if (text === undefined || !this.#isName(text)) return undefined;
    this.#texts[slot] = text;
    return text;
  }
}

function isSame(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}

function decoded(bytes: Uint8Array, from: number, to: number): string | undefined {
  const ascii = bytes.subarray(from, to);
  return ascii.every(byte => byte < 0x80) ? String.fromCharCode(...ascii) : undefined;
}
