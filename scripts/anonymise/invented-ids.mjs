import { keyedNumbers } from './keyed-numbers.mjs';

/** MediaWiki's ids fit in 32 bits. */
const MAX_ID = 2 ** 32;

/**
 * Replaces ids by others with as many digits, in the same order: a later revision still has the higher id.
 *
 * @param {string} seed
 * @param {ReadonlySet<string>} originals
 * @returns {ReadonlyMap<string, string>}
 */
export function inventedIds(seed, originals) {
  /** @type {Map<number, string[]>} */
  const byLength = new Map();
  for (const id of originals) byLength.set(id.length, [...(byLength.get(id.length) ?? []), id]);

  /** @type {Map<string, string>} */
  const invented = new Map([['0', '0']]);
  for (const [digits, ids] of byLength) {
    const first = 10 ** (digits - 1);
    const room = Math.min(MAX_ID, first * 10) - first;
    const draw = keyedNumbers(seed, `ids of ${digits} digits`);
    const avoidsOriginals = room > ids.length * 4;
    /** @type {Set<number>} */
    const drawn = new Set();
    for (let at = 0; drawn.size < ids.length; at += 1) {
      const id = first + draw(at, room);
      if (!(avoidsOriginals && originals.has(String(id)))) drawn.add(id);
    }
    const ascending = [...drawn].sort((a, b) => a - b);
    ids.sort((a, b) => Number(a) - Number(b));
    for (const [at, id] of ids.entries()) invented.set(id, String(ascending[at]));
  }
  return invented;
}
