/**
 * Decodes one bzip2 block: Huffman codes → move-to-front → Burrows-Wheeler → runs. Typed arrays of a fixed size are
 * allocated once. Indexes are within bounds by construction; `?? 0` is for the compiler and costs nothing measurable.
 */
import type { BitWindow } from './bit-window.ts';
import { HuffmanTables, GROUP } from './huffman-tables.ts';
import { unreadable } from './unreadable.ts';

const MAX_BLOCK = 900_000;
/** Symbols of the Huffman codes: two digits of run lengths, then indexes into the move-to-front list, then the end. */
const RUN_B = 1;

/** CRC-32 as bzip2 computes it: highest bit first. */
const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

export class BlockDecoder {
  readonly #input: BitWindow;
  readonly #subject: string;
  readonly #tables: HuffmanTables;
  /** Per place in the sorted block: its byte in the low 8 bits; above them, once linked, the place that follows. */
  readonly #places = new Uint32Array(MAX_BLOCK);
  readonly #counts = new Int32Array(256);
  readonly #front = new Uint8Array(256);
  // The state of unpacking between two calls of `take`.
  #left = 0;
  #place = 0;
  /** Equal bytes in a row so far; after four of them, a byte says how many more follow. */
  #run = 0;
  #last = -1;
  #owed = 0;
  #crc = -1;
  #expected = 0;

  constructor(input: BitWindow, subject: string) {
    this.#input = input;
    this.#subject = subject;
    this.#tables = new HuffmanTables(input, subject);
  }

  /** Whether all bytes of the block have been taken. */
  get finished(): boolean {
    return this.#left === 0 && this.#owed === 0;
  }

  /**
   * Reads a block after its magic number; returns the checksum stored in the file.
   * @param blockSize Maximum size of the blocks of this stream, bytes.
   */
  read(blockSize: number): number {
    const input = this.#input;
    this.#expected = input.bits32();
    const randomised = input.bits(1);
    const origin = input.bits(24);
    // Only bzip2 before 0.9.5 (1999) wrote such blocks.
    if (randomised === 1) throw this.#damaged('is randomised, which is not supported');
    const used = this.#readFront();
    const length = this.#readSymbols(used, blockSize);
    input.expectNotPastEnd();
    if (origin >= length) throw this.#damaged('points outside itself');
    this.#link(length);
    this.#left = length;
    this.#place = (this.#places[origin] ?? 0) >>> 8;
    this.#run = 0;
    this.#last = -1;
    this.#owed = 0;
    this.#crc = -1;
    return this.#expected;
  }

  /** The next bytes of the block, `atMost` or fewer. */
  take(atMost: number): Uint8Array {
    // Sized for text, which hardly grows when its runs are expanded; other data takes more calls.
    const out = new Uint8Array(Math.min(atMost, this.#left + (this.#left >> 4) + this.#owed + 1_024));
    const places = this.#places;
    let at = 0;
    let left = this.#left;
    let place = this.#place;
    let run = this.#run;
    let last = this.#last;
    let owed = this.#owed;
    let crc = this.#crc;
    for (;;) {
      while (owed > 0 && at < out.length) {
        out[at++] = last;
        crc = (crc << 8) ^ (CRC[(crc >>> 24) ^ last] ?? 0);
        owed -= 1;
      }
      if (left === 0 || at === out.length) break;
      const entry = places[place] ?? 0;
      place = entry >>> 8;
      const byte = entry & 0xff;
      left -= 1;
      if (run === 4) {
        owed = byte;
        run = 0;
        continue;
      }
      run = byte === last ? run + 1 : 1;
      last = byte;
      out[at++] = byte;
      crc = (crc << 8) ^ (CRC[(crc >>> 24) ^ byte] ?? 0);
    }
    this.#left = left;
    this.#place = place;
    this.#run = run;
    this.#last = last;
    this.#owed = owed;
    this.#crc = crc;
    return out.subarray(0, at);
  }

  /** @throws PipelineError `dump_unreadable` when the checksum of the bytes taken is not the stored one. */
  expectSum(): void {
    if (~this.#crc >>> 0 !== this.#expected) throw this.#damaged('has a wrong checksum');
  }

  /** Reads which bytes occur, the initial move-to-front list. Returns how many. */
  #readFront(): number {
    const input = this.#input;
    const rows = input.bits(16);
    let used = 0;
    for (let row = 0; row < 16; row++) {
      if ((rows & (0x8000 >> row)) === 0) continue;
      const bytes = input.bits(16);
      for (let bit = 0; bit < 16; bit++) {
        if ((bytes & (0x8000 >> bit)) !== 0) this.#front[used++] = row * 16 + bit;
      }
    }
    if (used === 0) throw this.#damaged('has no bytes');
    return used;
  }

  /** Fills `#places` with bytes and `#counts` with their frequencies; returns the length of the block. */
  #readSymbols(used: number, blockSize: number): number {
    const input = this.#input;
    const tables = this.#tables;
    const end = used + 1;
    tables.read(used + 2);
    const { fast, selectors, selectorCount } = tables;
    const places = this.#places;
    const front = this.#front;
    const counts = this.#counts.fill(0);
    const { bytes } = input;
    let { position, held, heldBits } = input;
    let length = 0;
    let runLength = 0;
    let runBit = 1;
    let group = -1;
    let leftInGroup = 0;
    let base = 0;
    for (;;) {
      if (leftInGroup === 0) {
        group += 1;
        if (group >= selectorCount) throw this.#damagedAt(position, heldBits, 'has too few code tables');
        if (position > input.end + 4) throw this.#damagedAt(position, heldBits, 'has no end');
        base = (selectors[group] ?? 0) << tables.fastBits;
        leftInGroup = GROUP;
      }
      leftInGroup -= 1;
      while (heldBits <= 24) {
        held |= (bytes[position++] ?? 0) << (24 - heldBits);
        heldBits += 8;
      }
      let code = fast[base + (held >>> tables.fastShift)] ?? 0;
      if (code === 0) {
        code = tables.slow(selectors[group] ?? 0, held);
        if (code === 0) throw this.#damagedAt(position, heldBits, 'has an invalid Huffman code');
      }
      const codeBits = code & 31;
      held <<= codeBits;
      heldBits -= codeBits;
      const symbol = code >>> 5;
      if (symbol <= RUN_B) {
        // A number in bijective base 2 (digits 1 and 2), lowest digit first.
        runLength += runBit << symbol;
        runBit <<= 1;
        if (runLength > blockSize - length)
          throw this.#damagedAt(position, heldBits, 'is longer than its stream allows');
        continue;
      }
      if (runLength > 0) {
        const byte = front[0] ?? 0;
        counts[byte] = (counts[byte] ?? 0) + runLength;
        places.fill(byte, length, length + runLength);
        length += runLength;
        runLength = 0;
        runBit = 1;
      }
      if (symbol === end) break;
      if (length >= blockSize) throw this.#damagedAt(position, heldBits, 'is longer than its stream allows');
      const index = symbol - 1;
      const byte = front[index] ?? 0;
      // Most indexes are small, where a loop is faster than the call.
      if (index < 32) for (let at = index; at > 0; at--) front[at] = front[at - 1] ?? 0;
      else front.copyWithin(1, 0, index);
      front[0] = byte;
      counts[byte] = (counts[byte] ?? 0) + 1;
      places[length++] = byte;
    }
    input.position = position;
    input.held = held;
    input.heldBits = heldBits;
    return length;
  }

  /** Undoes the sorting: writes into each place the one that follows it. */
  #link(length: number): void {
    const places = this.#places;
    const next = this.#counts;
    let sum = 0;
    for (let byte = 0; byte < 256; byte++) {
      const count = next[byte] ?? 0;
      next[byte] = sum;
      sum += count;
    }
    for (let place = 0; place < length; place++) {
      const byte = (places[place] ?? 0) & 0xff;
      const sorted = next[byte] ?? 0;
      next[byte] = sorted + 1;
      places[sorted] = ((places[sorted] ?? 0) & 0xff) | (place << 8);
    }
  }

  /** As `#damaged`, for the loop over symbols, which keeps its position in locals. */
  #damagedAt(position: number, heldBits: number, what: string): Error {
    this.#input.position = position;
    this.#input.heldBits = heldBits;
    return this.#damaged(what);
  }

  /** Bits past the end of a truncated file look like damage, so truncation is reported first. */
  #damaged(what: string): Error {
    this.#input.expectNotPastEnd();
    return unreadable(this.#subject, `the bzip2 block before compressed byte ${this.#input.offset} ${what}`);
  }
}
