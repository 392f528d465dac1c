/**
 * Hashing and seeded randomness for the simulated Wikimedia. All generated data comes from here.
 * Guarantee: 32-bit integer arithmetic only, so the same seed gives the same bits on every machine.
 */

const TWO_32 = 4_294_967_296;

/** Murmur3's finalizer: a bijection of 32-bit words in which every input bit affects every output bit. */
function scramble(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Hash of a key and a number.
 * @param key any 32-bit word; see {@link keyOf}
 * @param value integer, 0 .. 2^53
 * @returns integer, 0 .. 2^32 - 1. For one key and one upper half of `value` it is a bijection of the lower half.
 */
export function hash(key: number, value: number): number {
  const high = Math.floor(value / TWO_32);
  return scramble((scramble((value >>> 0) ^ key) + Math.imul(high + 1, 0x9e3779b1)) | 0);
}

/** A separate key for each purpose, so that different hashes of the same number are unrelated. */
export function keyOf(seed: number, purpose: string): number {
  let key = scramble(seed ^ 0x5bd1e995);
  for (let i = 0; i < purpose.length; i++) key = scramble(key ^ purpose.charCodeAt(i));
  return key;
}

/** {@link hash} as a fraction, 0 <= f < 1. */
export function fraction(key: number, value: number): number {
  return hash(key, value) / TWO_32;
}

/** Seeded sequence (sfc32). Cheap to create: use one per page, user or request, and never share it. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed 32-bit word; a {@link hash} is a good one */
  constructor(seed: number) {
    this.#a = scramble(seed);
    this.#b = scramble(seed ^ 0x6a09e667);
    this.#c = seed | 0;
    // Three rounds are enough because a and b are already scrambled.
    for (let i = 0; i < 3; i++) this.word();
  }

  /** @returns integer, 0 .. 2^32 - 1 */
  word(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** @returns fraction, 0 <= f < 1 */
  unit(): number {
    return this.word() / TWO_32;
  }

  /** @returns integer, 0 <= i < limit */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** True with the given probability, 0 .. 1. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /**
   * One of the items, with equal probability.
   * @throws Error when there are none
   */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('Random.pick needs at least one item');
    return item;
  }
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hexOf(word: number): string {
  return `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`;
}

/**
 * UUID (version 4 in shape) of a number. Different numbers give different UUIDs: the first word alone is a
 * bijection of the lower 32 bits, and numbers that differ only above them collide with probability 2^-122.
 */
export function uuidOf(key: number, value: number): string {
  const a = hexOf(hash(key, value));
  const b = hexOf(hash(key ^ 0x3c6ef372, value));
  const c = hexOf((hash(key ^ 0xa54ff53a, value) & 0x3fffffff) | 0x80000000);
  const d = hexOf(hash(key ^ 0x510e527f, value));
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
}
