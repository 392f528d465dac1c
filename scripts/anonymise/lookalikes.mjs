/** Which characters may stand in for a letter or digit, so that the text keeps its bytes, its case and its look. */

const CATEGORIES = ['Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'Nd', 'Nl', 'No'].map(
  name => new RegExp(`^\\p{${name}}$`, 'u'),
);

/** Scripts lie together in Unicode; within this many code points are mostly letters of the same one. */
const NEIGHBOURHOOD = 128;

/** @type {Map<string, readonly string[]>} */
const known = new Map();

/**
 * Every character with the same look, in the order of Unicode, including the given one.
 *
 * @param {string} char a letter in lower case, or one without case, or a digit
 * @returns {readonly string[]}
 */
export function lookalikes(char) {
  const found = known.get(char) ?? neighbours(char).filter(each => look(each) === look(char));
  known.set(char, found);
  return found;
}

/**
 * Lower case of a letter, if that loses nothing: upper case leads back, and neither takes more bytes.
 *
 * @param {string} char
 */
export function lowerCase(char) {
  const lower = char.toLowerCase();
  return lower.toUpperCase() === char && size(lower) === size(char) ? lower : char;
}

/** @param {string} char */
function neighbours(char) {
  const first = Math.floor((char.codePointAt(0) ?? 0) / NEIGHBOURHOOD) * NEIGHBOURHOOD;
  return Array.from({ length: NEIGHBOURHOOD }, (_, offset) => String.fromCodePoint(first + offset));
}

/** @param {string} char */
function look(char) {
  const category = CATEGORIES.findIndex(pattern => pattern.test(char));
  const upper = char.toUpperCase();
  const hasUpperCase = upper !== char && lowerCase(upper) === char;
  return [category, size(char), hasUpperCase, /^[a-z]$/.test(char) && /[aeiou]/.test(char)].join(' ');
}

/** @param {string} text */
function size(text) {
  return `${text.length}/${Buffer.byteLength(text)}`;
}
