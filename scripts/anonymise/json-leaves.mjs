/** Strings, numbers and what holds them. `true`, `false`, `null` and white space are passed over. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],]/gs;
/** A UTF-16 unit of a string, as it is written. */
const UNIT = /\\u[0-9a-fA-F]{4}|\\.|[^\\]/gs;

/** @typedef {(path: string, value: string) => string} RewriteLeaf receives `meta.id`, say, and what it holds */

/**
 * Rewrites the strings and numbers in JSON. All else keeps its bytes: white space, order, escapes, formats of numbers.
 * Items of an array have the path of the array.
 *
 * @param {string} json one value or several
 * @param {RewriteLeaf} rewrite
 * @returns {string}
 */
export function rewriteLeaves(json, rewrite) {
  /** @type {{ isObject: boolean, field: string | undefined }[]} */
  const inside = [];
  const path = () => inside.flatMap(({ field }) => field ?? []).join('.');

  return json.replace(TOKEN, token => {
    const innermost = inside.at(-1);
    switch (token) {
      case '{':
      case '[':
        inside.push({ isObject: token === '{', field: undefined });
        return token;
      case '}':
      case ']':
        inside.pop();
        return token;
      case ',':
        if (innermost) innermost.field = undefined;
        return token;
      default:
    }
    if (innermost?.isObject && innermost.field === undefined) {
      innermost.field = JSON.parse(token);
      return token;
    }
    return token.startsWith('"')
      ? rewriteString(token, value => rewrite(path(), value))
      : rewrite(path(), token);
  });
}

/**
 * @param {string} token with its quotes
 * @param {(value: string) => string} rewrite
 */
function rewriteString(token, rewrite) {
  const units = token.slice(1, -1).match(UNIT) ?? [];
  const value = units.map(unit => (unit.length === 1 ? unit : JSON.parse(`"${unit}"`))).join('');
  const fresh = rewrite(value);
  if (fresh.length !== value.length) throw new Error('A replacement has another length');
  return `"${units.map((unit, at) => (fresh[at] === value[at] ? unit : asWritten(fresh[at] ?? '', unit))).join('')}"`;
}

/**
 * @param {string} char a UTF-16 unit that needs no escape
 * @param {string} original how the unit in its place was written
 */
function asWritten(char, original) {
  if (!original.startsWith('\\u')) return char;
  const hex = char.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${/[A-F]/.test(original) ? hex.toUpperCase() : hex}`;
}
