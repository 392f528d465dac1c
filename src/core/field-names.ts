/**
 * ⑤ Recognises the names of fields in bytes. Events of a kind have their fields in the same order, so the name that
 * followed the one before last time is compared first, four bytes at once, and most names are not even scanned.
 */
import { JsonBytes, ODD, SLACK } from './json-bytes.ts';
import { LEAST_BYTES, areBytes, keepBytes } from './known-bytes.ts';

/** Names of a schema, and the few that a hostile one may add: beyond this many, names are scanned each time. */
const MOST_NAMES = 64;
/** With the quote and the colon behind it. */
const MOST_BYTES = 32;
const WORDS = MOST_BYTES / 4;
const COLON = 0x3a;

/** What stands before the first field, and the number of every name that does not matter. */
export const NO_FIELD = 0;

export class FieldNames {
  readonly #matter: number;
  /** Of each known name, by number: its bytes with quote and colon, how many they are, and which name came next last time. */
  readonly #words = new Int32Array(MOST_NAMES * WORDS);
  readonly #lengths = new Uint8Array(MOST_NAMES);
  readonly #next = new Uint8Array(MOST_NAMES);
  /** Number of the next name that is learnt. */
  #free = 1;
  /** The number of the name that was read last, among all known ones. */
  #last = NO_FIELD;
  /** Where the value of the field begins that was read last. */
  value = 0;

  /** @param matter names that matter: their numbers are 1, 2, … in this order */
  constructor(matter: readonly string[]) {
    this.#matter = matter.length;
    for (const name of matter) {
      const bytes = new TextEncoder().encode(`${name}":${' '.repeat(SLACK)}`);
      this.#learn(new JsonBytes(bytes), 0, bytes.length - SLACK);
    }
  }

  /** What comes next is the first field of an object. */
  restart(): void {
    this.#last = NO_FIELD;
  }

  /**
   * The number of the name that begins at `from`, behind its quote: `NO_FIELD` for one that does not matter, `ODD` where
   * no plain name with a colon stands.
   */
  read(json: JsonBytes, from: number): number {
    let number = this.#next[this.#last] ?? NO_FIELD;
    if (number === NO_FIELD || !this.#stands(json, from, number)) {
      number = this.#look(json, from);
      if (number === ODD) return ODD;
      if (number === NO_FIELD) return NO_FIELD;
      this.#next[this.#last] = number;
    }
    this.value = from + (this.#lengths[number] ?? 0);
    this.#last = number;
    return number <= this.#matter ? number : NO_FIELD;
  }

  #stands(json: JsonBytes, from: number, number: number): boolean {
    return areBytes(json, from, this.#lengths[number] ?? 0, this.#words, number * WORDS);
  }

  #look(json: JsonBytes, from: number): number {
    const end = json.plainEnd(from);
    if (end === ODD || json.bytes[end + 1] !== COLON) return ODD;
    this.value = end + 2;
    const length = end + 2 - from;
    for (let number = 1; number < this.#free; number += 1)
      if (this.#lengths[number] === length && this.#stands(json, from, number)) return number;
    return this.#learn(json, from, length);
  }

  /** @returns its number, or `NO_FIELD` when it is not kept */
  #learn(json: JsonBytes, from: number, length: number): number {
    const number = this.#free;
    if (number === MOST_NAMES || length > MOST_BYTES || length < LEAST_BYTES) return NO_FIELD;
    keepBytes(json, from, length, this.#words, number * WORDS);
    this.#lengths[number] = length;
    this.#free += 1;
    return number;
  }
}
