import { createHmac } from 'node:crypto';

/** @typedef {(index: number, below: number) => number} Draw the number drawn at an index, always the same one */

/** The largest integer that `draw` returns is just below 2^53. */
const HIGH_BITS = 2 ** 21;

/**
 * Numbers that depend on seed and key alone, so the same original always gets the same replacement, and no one
 * without the seed can look an original up.
 *
 * @param {string} seed
 * @param {string} key
 * @returns {Draw}
 */
export function keyedNumbers(seed, key) {
  /** @type {Buffer[]} */
  const blocks = [];
  return (index, below) => {
    const at = Math.floor(index / 4);
    const block = (blocks[at] ??= createHmac('sha256', seed).update(`${at} ${key}`).digest());
    const offset = (index % 4) * 8;
    const high = block.readUInt32BE(offset) % HIGH_BITS;
    return (high * 2 ** 32 + block.readUInt32BE(offset + 4)) % below;
  };
}
