/** The two to six Huffman codes of a bzip2 block, and which of them each group of 50 symbols uses. */
import type { BitWindow } from './bit-window.ts';
import { unreadable } from './unreadable.ts';

/** Symbols in a row that use the same code. */
export const GROUP = 50;
const MAX_SYMBOLS = 258;
const MAX_BITS = 20;
const MAX_CODES = 6;
/** bzip2 itself needs 18 001 (900 000 symbols and an end); some writers add a few that are never used. */
const MAX_SELECTORS = 32_767;
/** Codes up to this length take one lookup; 6 tables of 2 KiB fit into the processor's first-level cache. */
const FAST_BITS = 10;

export class HuffmanTables {
  readonly fastBits = FAST_BITS;
  readonly fastShift = 32 - FAST_BITS;
  /** Per code and its first bits: symbol << 5 | length; 0 when the length is more than `FAST_BITS`. */
  readonly fast = new Uint16Array(MAX_CODES << FAST_BITS);
  readonly selectors = new Uint8Array(MAX_SELECTORS);
  selectorCount = 0;
  /** Symbols of each code, shortest length first. */
  readonly #sorted = new Uint16Array(MAX_CODES * MAX_SYMBOLS);
  /** Per code and length: the difference between the first value of that length and its index in `#sorted`. */
  readonly #shift = new Int32Array(MAX_CODES * (MAX_BITS + 1));
  /** Per code and length: the first value of that many bits that is not a code. */
  readonly #limit = new Int32Array(MAX_CODES * (MAX_BITS + 1));
  readonly #lengths = new Uint8Array(MAX_SYMBOLS);
  readonly #input: BitWindow;
  readonly #subject: string;

  constructor(input: BitWindow, subject: string) {
    this.#input = input;
    this.#subject = subject;
  }

  /** Reads selectors and codes for `symbols` symbols. */
  read(symbols: number): void {
    const input = this.#input;
    const codes = input.bits(3);
    if (codes < 2 || codes > MAX_CODES) throw this.#damaged();
    this.#readSelectors(codes);
    for (let code = 0; code < codes; code++) {
      this.#readLengths(symbols);
      this.#build(code, symbols);
    }
    input.expectNotPastEnd();
  }

  /** Symbol << 5 | length for a code longer than `FAST_BITS`, at the top of `held`; 0 when it is not a code. */
  slow(code: number, held: number): number {
    const base = code * (MAX_BITS + 1);
    for (let bits = FAST_BITS + 1; bits <= MAX_BITS; bits++) {
      const value = held >>> (32 - bits);
      if (value >= (this.#limit[base + bits] ?? 0)) continue;
      const symbol = this.#sorted[code * MAX_SYMBOLS + value - (this.#shift[base + bits] ?? 0)] ?? 0;
      return (symbol << 5) | bits;
    }
    return 0;
  }

  /** Selectors are indexes into a move-to-front list, in unary. */
  #readSelectors(codes: number): void {
    const input = this.#input;
    this.selectorCount = input.bits(15);
    if (this.selectorCount === 0) throw this.#damaged();
    const front = [0, 1, 2, 3, 4, 5];
    for (let at = 0; at < this.selectorCount; at++) {
      let index = 0;
      while (input.bits(1) === 1) {
        index += 1;
        if (index >= codes) throw this.#damaged();
      }
      const code = front[index] ?? 0;
      front.copyWithin(1, 0, index);
      front[0] = code;
      this.selectors[at] = code;
    }
  }

  /** The length of each symbol's code, stored as steps up and down from the previous one. */
  #readLengths(symbols: number): void {
    const input = this.#input;
    let length = input.bits(5);
    for (let symbol = 0; symbol < symbols; symbol++) {
      for (;;) {
        if (length < 1 || length > MAX_BITS) throw this.#damaged();
        if (input.bits(1) === 0) break;
        length += input.bits(1) === 0 ? 1 : -1;
        // Past the end of the file the steps could continue for ever.
        if (input.position > input.end + 4) input.expectNotPastEnd();
      }
      this.#lengths[symbol] = length;
    }
  }

  /** Canonical codes: ascending by length, then by symbol. */
  #build(code: number, symbols: number): void {
    const lengths = this.#lengths;
    const fast = this.fast.subarray(code << FAST_BITS, (code + 1) << FAST_BITS).fill(0);
    const sorted = code * MAX_SYMBOLS;
    const byLength = code * (MAX_BITS + 1);
    let value = 0;
    let count = 0;
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      value <<= 1;
      this.#shift[byLength + bits] = value - count;
      for (let symbol = 0; symbol < symbols; symbol++) {
        if (lengths[symbol] !== bits) continue;
        this.#sorted[sorted + count++] = symbol;
        // More codes than this length has values: the file is damaged.
        if (value >= 2 ** bits) throw this.#damaged();
        if (bits <= FAST_BITS) {
          const from = value << (FAST_BITS - bits);
          fast.fill((symbol << 5) | bits, from, from + 2 ** (FAST_BITS - bits));
        }
        value += 1;
      }
      this.#limit[byLength + bits] = value;
    }
  }

  #damaged(): Error {
    this.#input.expectNotPastEnd();
    return unreadable(
      this.#subject,
      `invalid Huffman tables before compressed byte ${this.#input.offset} of a bzip2 stream`,
    );
  }
}
