import { keyedNumbers } from './keyed-numbers.mjs';
import { lookalikes, lowerCase } from './lookalikes.mjs';

/** Short words have few lookalikes, and all of them may be taken. Then two words share a replacement. */
const MAX_ATTEMPTS = 50;

/** The shortest original that no other word may be replaced by. There are too few shorter ones to avoid them all. */
const MIN_AVOIDED = 3;

/**
 * Replaces words one by one: the same word always by the same invented one, whatever its case; different words by
 * different ones; and none by a word that any capture has.
 *
 * @param {string} seed
 * @param {ReadonlySet<string>} originals every word to be replaced, as `wordKey` gives it
 * @returns {(word: string) => string}
 */
export function inventedWords(seed, originals) {
  /** @type {Map<string, readonly string[]>} */
  const invented = new Map();
  /** @type {Set<string>} */
  const taken = new Set();

  /** @param {string} key */
  function invent(key) {
    for (let attempt = 1; ; attempt += 1) {
      const chars = replaced(key, keyedNumbers(seed, `word ${attempt} ${key}`));
      const word = chars.join('');
      const isFree = !taken.has(word) && !(word.length >= MIN_AVOIDED && originals.has(word));
      if (isFree || attempt === MAX_ATTEMPTS) {
        taken.add(word);
        invented.set(key, chars);
        return chars;
      }
    }
  }

  return word => {
    const key = wordKey(word);
    const chars = invented.get(key) ?? invent(key);
    return Array.from(word, (char, at) => withCaseOf(char, chars[at] ?? '')).join('');
  };
}

/**
 * What a word and the same word in another case have in common.
 *
 * @param {string} word
 */
export function wordKey(word) {
  return Array.from(word, lowerCase).join('');
}

/**
 * @param {string} key
 * @param {import('./keyed-numbers.mjs').Draw} draw
 */
function replaced(key, draw) {
  return Array.from(key, (char, at) => {
    // Marks belong to their letter; a leading zero, and the number zero, would change what kind of number it is.
    if (/\p{M}/u.test(char) || (char === '0' && at === 0)) return char;
    const others = lookalikes(char).filter(each => each !== char && !(each === '0' && at === 0));
    return others[draw(at, others.length)] ?? char;
  });
}

/**
 * @param {string} original
 * @param {string} char in lower case
 */
function withCaseOf(original, char) {
  return lowerCase(original) === original ? char : char.toUpperCase();
}
