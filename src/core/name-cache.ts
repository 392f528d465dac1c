/** ⑤ Texts of short names that come again and again, such as wikis and topics: each is decoded once, not once a line. */
import type { JsonBytes } from './json-bytes.ts';
import { LEAST_BYTES, areBytes, keepBytes } from './known-bytes.ts';

/** As many as there are wikis, roughly. A name that meets another in its slot replaces it. */
const SLOT_BITS = 11;
/** Longer names are rare: they are decoded each time. */
const MOST_BYTES = 32;
const WORDS = MOST_BYTES / 4;

export class NameCache {
  readonly #texts: string[] = [];
  readonly #lengths = new Uint8Array(1 << SLOT_BITS);
  readonly #words = new Int32Array(WORDS << SLOT_BITS);
  readonly #isName: (text: string) => boolean;

  constructor(isName: (text: string) => boolean = () => true) {
    this.#isName = isName;
    for (let slot = 0; slot < 1 << SLOT_BITS; slot += 1) this.#texts.push('');
  }

  /** The text between two places; undefined when it is not ASCII, or not a name. */
  textOf(json: JsonBytes, from: number, to: number): string | undefined {
    const length = to - from;
    if (length < LEAST_BYTES || length > MOST_BYTES) return this.#decoded(json, from, to);
    const mixed = Math.imul(json.word(from) ^ Math.imul(json.word(to - 4), 0x85ebca6b), 0x9e3779b1) + length;
    const slot = (mixed ^ (mixed >>> 15)) & ((1 << SLOT_BITS) - 1);
    if (this.#lengths[slot] === length && areBytes(json, from, length, this.#words, slot * WORDS))
      return this.#texts[slot];
    const text = this.#decoded(json, from, to);
    if (text === undefined) return undefined;
    this.#texts[slot] = text;
    this.#lengths[slot] = length;
    keepBytes(json, from, length, this.#words, slot * WORDS);
    return text;
  }

  #decoded({ bytes }: JsonBytes, from: number, to: number): string | undefined {
    let text = '';
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return this.#isName(text) ? text : undefined;
  }
}
