/** Characters outside ASCII, as URLs have them: `%C3%A9`. */
const ESCAPED = /(?:%[89A-Fa-f][0-9A-Fa-f])+/g;

/**
 * Rewrites a text in which URLs may be: letters escaped for a URL are seen as what they are, and escaped again.
 *
 * @param {string} text
 * @param {(plain: string) => string} rewrite keeps the number of characters and the bytes of each
 * @returns {string}
 */
export function rewriteUnescaped(text, rewrite) {
  /** @type {{ char: string, escaped: string }[]} */
  const cells = [];
  let end = 0;
  for (const { 0: escaped, index } of text.matchAll(ESCAPED)) {
    cells.push(...plainCells(text.slice(end, index)), ...escapedCells(escaped));
    end = index + escaped.length;
  }
  cells.push(...plainCells(text.slice(end)));

  const fresh = Array.from(rewrite(cells.map(({ char }) => char).join('')));
  if (fresh.length !== cells.length) throw new Error('A replacement has another number of characters');
  return cells.map(({ char, escaped }, at) => encode(fresh[at] ?? char, escaped)).join('');
}

/** @param {string} text */
function plainCells(text) {
  return Array.from(text, char => ({ char, escaped: '' }));
}

/** @param {string} escaped */
function escapedCells(escaped) {
  try {
    return Array.from(decodeURIComponent(escaped), char => ({ char, escaped }));
  } catch {
    // Not UTF-8: cut short, or something else that looks like an escape.
    return plainCells(escaped);
  }
}

/**
 * @param {string} char
 * @param {string} escaped the original, or nothing if it was not escaped
 */
function encode(char, escaped) {
  if (escaped === '') return char;
  const fresh = encodeURIComponent(char);
  return /[a-f]/.test(escaped) ? fresh.toLowerCase() : fresh;
}
