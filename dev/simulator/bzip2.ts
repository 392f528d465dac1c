/**
 * Compresses with bzip2, the format of the dumps; no maintained library can. One call makes one complete stream, and
 * concatenated streams form a file. It uses small blocks and a single Huffman table: correct, but not the best ratio.
 * @see https://en.wikipedia.org/wiki/Bzip2#File_format
 */

/** Bytes of a block after the first run-length encoding, for `BZh1`. */
const BLOCK_BYTES = 100_000 - 20;
const LONGEST_CODE = 17;
const GROUP = 50;

/** Compresses the bytes into one bzip2 stream. */
export function bzip2(data: Uint8Array): Buffer {
  const out = new BitWriter();
  for (const byte of Buffer.from('BZh1')) out.write(8, byte);
  let combined = 0;
  for (let at = 0; at < data.length;) {
    const { block, used, crc } = runLengths(data, at);
    at += used;
    combined = (((combined << 1) | (combined >>> 31)) ^ crc) >>> 0;
    writeBlock(out, block, crc);
  }
  out.write(24, 0x177245);
  out.write(24, 0x385090);
  out.write32(combined);
  return out.finish();
}

/** Writes bits, most significant first. */
class BitWriter {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;
  #bits = 0;
  #held = 0;

  /** @param count at most 24 */
  write(count: number, value: number): void {
    this.#held = (this.#held << count) | value;
    this.#bits += count;
    while (this.#bits >= 8) {
      this.#bits -= 8;
      this.#put((this.#held >>> this.#bits) & 255);
    }
    this.#held &= (1 << this.#bits) - 1;
  }

  write32(value: number): void {
    this.write(16, value >>> 16);
    this.write(16, value & 0xffff);
  }

  finish(): Buffer {
    if (this.#bits > 0) this.write(8 - this.#bits, 0);
    return this.#bytes.subarray(0, this.#length);
  }

  #put(byte: number): void {
    if (this.#length === this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    this.#bytes[this.#length++] = byte;
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/** The first encoding: four equal bytes are followed by the number of repeats. Reads as much as fits into a block. */
function runLengths(data: Uint8Array, from: number): { block: Uint8Array; used: number; crc: number } {
  const block = new Uint8Array(BLOCK_BYTES + 10);
  let length = 0;
  let crc = 0xffffffff;
  let at = from;
  while (at < data.length && length < BLOCK_BYTES) {
    const byte = data[at] ?? 0;
    let run = 1;
    while (run < 255 && at + run < data.length && data[at + run] === byte) run++;
    for (let i = 0; i < Math.min(run, 4); i++) block[length++] = byte;
    if (run >= 4) block[length++] = run - 4;
    for (let i = 0; i < run; i++) crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 255] ?? 0);
    at += run;
  }
  return { block: block.subarray(0, length), used: at - from, crc: ~crc >>> 0 };
}

function writeBlock(out: BitWriter, block: Uint8Array, crc: number): void {
  const { last, origin } = burrowsWheeler(block);
  out.write(24, 0x314159);
  out.write(24, 0x265359);
  out.write32(crc);
  out.write(1, 0);
  out.write(24, origin);
  const used = [...new Set(block)].sort((a, b) => a - b);
  writeUsed(out, used);
  const symbols = moveToFront(last, used);
  const alphabet = used.length + 2;
  const lengths = codeLengths(symbols, alphabet);
  const codes = canonicalCodes(lengths);
  const selectors = Math.ceil(symbols.length / GROUP);
  // The format requires at least two tables; all groups use the first.
  out.write(3, 2);
  out.write(15, selectors);
  for (let i = 0; i < selectors; i++) out.write(1, 0);
  for (let table = 0; table < 2; table++) writeLengths(out, lengths);
  for (const symbol of symbols) out.write(lengths[symbol] ?? 0, codes[symbol] ?? 0);
}

/** Writes which bytes occur, as sixteen groups of sixteen bits. */
function writeUsed(out: BitWriter, used: readonly number[]): void {
  const isUsed = (byte: number): boolean => used.includes(byte);
  const row = Array.from({ length: 16 }, (_, i) => i);
  const rows = row.filter(high => row.some(low => isUsed(high * 16 + low)));
  for (const high of row) out.write(1, rows.includes(high) ? 1 : 0);
  for (const high of rows) for (const low of row) out.write(1, isUsed(high * 16 + low) ? 1 : 0);
}

/** Sorts all rotations of a block by prefix doubling. @returns the last column and the row of the original */
function burrowsWheeler(block: Uint8Array): { last: Uint8Array; origin: number } {
  const n = block.length;
  let order = new Uint32Array(n);
  let next = new Uint32Array(n);
  let rank = new Uint32Array(n);
  let newRank = new Uint32Array(n);
  const counts = new Uint32Array(Math.max(256, n) + 1);
  for (const byte of block) counts[byte + 1] = (counts[byte + 1] ?? 0) + 1;
  for (let i = 1; i <= 256; i++) counts[i] = (counts[i] ?? 0) + (counts[i - 1] ?? 0);
  for (let i = 0; i < n; i++) {
    const byte = block[i] ?? 0;
    order[counts[byte] ?? 0] = i;
    counts[byte] = (counts[byte] ?? 0) + 1;
    rank[i] = byte;
  }
  for (let length = 1; ; length *= 2) {
    // Turn ranks by the first `length` bytes into ranks by twice as many.
    let ranks = 0;
    newRank[order[0] ?? 0] = 0;
    for (let i = 1; i < n; i++) {
      const [a, b] = [order[i - 1] ?? 0, order[i] ?? 0];
      const half = length / 2;
      const isEqual = rank[a] === rank[b] && (length === 1 || rank[(a + half) % n] === rank[(b + half) % n]);
      if (!isEqual) ranks++;
      newRank[b] = ranks;
    }
    [rank, newRank] = [newRank, rank];
    if (ranks === n - 1 || length >= n) break;
    // Sort by the second half (the current order, shifted back), then stably by the first.
    for (let i = 0; i < n; i++) next[i] = ((order[i] ?? 0) + n - (length % n)) % n;
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(rank[i] ?? 0) + 1] = (counts[(rank[i] ?? 0) + 1] ?? 0) + 1;
    for (let i = 1; i <= n; i++) counts[i] = (counts[i] ?? 0) + (counts[i - 1] ?? 0);
    const sorted = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const rotation = next[i] ?? 0;
      const place = rank[rotation] ?? 0;
      sorted[counts[place] ?? 0] = rotation;
      counts[place] = (counts[place] ?? 0) + 1;
    }
    next = order;
    order = sorted;
  }
  const last = new Uint8Array(n);
  for (let i = 0; i < n; i++) last[i] = block[((order[i] ?? 0) + n - 1) % n] ?? 0;
  return { last, origin: order.indexOf(0) };
}

/** Move-to-front; runs of zeros become bijective binary numbers of two symbols. Ends with the end symbol. */
function moveToFront(last: Uint8Array, used: readonly number[]): number[] {
  const front = [...used];
  const symbols: number[] = [];
  let run = 0;
  const endRun = (): void => {
    for (; run > 0; run = (run - 1) >> 1) symbols.push((run - 1) & 1);
    run = 0;
  };
  for (const byte of last) {
    const place = front.indexOf(byte);
    if (place === 0) {
      run++;
      continue;
    }
    endRun();
    front.splice(place, 1);
    front.unshift(byte);
    symbols.push(place + 1);
  }
  endRun();
  symbols.push(used.length + 1);
  return symbols;
}

/** Code lengths of a Huffman code; weights are flattened until no code is too long. */
function codeLengths(symbols: readonly number[], alphabet: number): number[] {
  let weights = Array.from({ length: alphabet }, () => 1);
  for (const symbol of symbols) weights[symbol] = (weights[symbol] ?? 0) + 1;
  for (;;) {
    const lengths = huffman(weights);
    if (Math.max(...lengths) <= LONGEST_CODE) return lengths;
    weights = weights.map(weight => (weight >> 1) + 1);
  }
}

function huffman(weights: readonly number[]): number[] {
  interface Node {
    readonly weight: number;
    readonly symbols: readonly number[];
  }
  const lengths = weights.map(() => 0);
  let nodes: Node[] = weights.map((weight, symbol) => ({ weight, symbols: [symbol] }));
  while (nodes.length > 1) {
    nodes = nodes.sort((a, b) => b.weight - a.weight);
    const [a, b] = [nodes.pop(), nodes.pop()];
    if (a === undefined || b === undefined) break;
    const joined = [...a.symbols, ...b.symbols];
    for (const symbol of joined) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
    nodes.push({ weight: a.weight + b.weight, symbols: joined });
  }
  return lengths;
}

function canonicalCodes(lengths: readonly number[]): number[] {
  const codes = lengths.map(() => 0);
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    for (const [symbol, own] of lengths.entries()) if (own === length) codes[symbol] = code++;
    code <<= 1;
  }
  return codes;
}

/** Writes each length as the difference from the previous one. */
function writeLengths(out: BitWriter, lengths: readonly number[]): void {
  let current = lengths[0] ?? 0;
  out.write(5, current);
  for (const length of lengths) {
    for (; current < length; current++) out.write(2, 0b10);
    for (; current > length; current--) out.write(2, 0b11);
    out.write(1, 0);
  }
}
