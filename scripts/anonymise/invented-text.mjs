import { keyedNumbers } from './keyed-numbers.mjs';
import { rewriteUnescaped } from './percent-escapes.mjs';

const WIKIMEDIA =
  '(?:wik(?:ipedia|tionary|idata|imedia|ibooks|inews|iquote|isource|iversity|ivoyage|ifunctions)|mediawiki|wmflabs|wmcloud|toolforge)';

/** What stays in any text: markup, the known parts of a wiki's URLs, and what tells one kind of name from another. */
const KEPT = [
  /&(?:amp|lt|gt|quot|nbsp|#0?39|#34|#91|#93|#123|#124|#125|#160|#8203);/,
  // An escape of a dump's TSV.
  /\\[tnr]/,
  // Escaped punctuation of a URL.
  /%[2-7][0-9A-Fa-f]/,
  /<\/?[a-z]+(?=[ >/])/,
  / (?:class|dir|rel)="[a-z -]*"/,
  / (?:href|title|lang)=(?=")/,
  new RegExp(
    `https?://(?:[a-z0-9-]+\\.)*${WIKIMEDIA}\\.org(?![\\w.-])(?:(?:/[a-z]+)?/(?:wiki/|w/index\\.php))?`,
  ),
  /(?<=")\/(?:wiki\/|w\/index\.php)/,
  /https?:\/\//,
  /(?<=[?&;])(?:title|diff|oldid|rcid|curid|action|redlink)=/,
  // A temporary account, such as ~2025-12345.
  /~2\d{3}(?=-\d)/,
  // An item, property or lexeme of Wikidata.
  /(?<![\p{L}\p{N}])[QPL](?=\d)/u,
  /\.(?:jpe?g|JPE?G|png|PNG|gif|GIF|svg|tiff?|webp|pdf|djvu|og[agv]|webm|wav|mp3|css|js)(?![\p{L}\p{N}])/u,
];

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)/;
const IPV6 = /(?<![\p{L}\p{N}:])(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}(?![\p{L}\p{N}:])/u;
const WORD = /\p{L}[\p{L}\p{M}]*|\p{N}+/u;

/** The digits that tell the version and the variant of a UUID. */
const UUID_MARKS = new Set([14, 19]);

/**
 * @typedef {object} Invented
 * @property {string} seed
 * @property {ReadonlySet<string>} namespaces names that stay before a colon
 * @property {ReadonlyMap<string, string>} ids
 * @property {(word: string) => string} word
 */

/**
 * Replaces every word, number, address and id of a text, and nothing else. It works word by word, so a title is the
 * same title wherever it occurs: in a field of its own, in a URL, in a comment, in the HTML of a parsed comment.
 *
 * @param {Invented} invented
 * @returns {(text: string) => string}
 */
export function inventedText({ seed, namespaces, ids, word }) {
  const pieces = piecesOf(namespaces);
  return text =>
    rewriteUnescaped(text, plain =>
      plain.replace(pieces, (piece, ...rest) => {
        /** @type {Record<string, string | undefined>} */
        const found = rest.at(-1);
        if (found['kept'] !== undefined) return piece;
        if (found['hex'] !== undefined) return inventedHex(seed, piece);
        if (found['ipv4'] !== undefined) return inventedIpv4(seed, piece);
        return ids.get(piece) ?? word(piece);
      }),
    );
}

/**
 * The words of a text that would be replaced.
 *
 * @param {ReadonlySet<string>} namespaces
 * @returns {(text: string) => string[]}
 */
export function replacedWords(namespaces) {
  const pieces = piecesOf(namespaces);
  return text => {
    /** @type {string[]} */
    const words = [];
    rewriteUnescaped(text, plain => {
      for (const { 0: piece, groups } of plain.matchAll(pieces)) if (groups?.['word']) words.push(piece);
      return plain;
    });
    return words;
  };
}

/** @param {ReadonlySet<string>} namespaces */
function piecesOf(namespaces) {
  // Longer names first: "User talk" before "User". In a URL their spaces are underscores.
  const names = [...namespaces]
    .sort((a, b) => b.length - a.length)
    .map(name => name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(/[ _]/g, '[ _]'));
  const namespace = names.length > 0 ? [`(?<![\\p{L}\\p{N}])(?:${names.join('|')})(?=:|%3A)`] : [];
  const kept = [...KEPT.map(({ source }) => source), ...namespace];
  return new RegExp(
    `(?<kept>${kept.join('|')})|(?<hex>${UUID.source}|${IPV6.source})|(?<ipv4>${IPV4.source})|(?<word>${WORD.source})`,
    'gu',
  );
}

/**
 * @param {string} seed
 * @param {string} text hexadecimal digits in groups
 */
function inventedHex(seed, text) {
  const draw = keyedNumbers(seed, `hex ${text}`);
  const isUuid = text.includes('-');
  return Array.from(text, (char, at) => {
    if (isUuid && UUID_MARKS.has(at)) return char;
    if (/\d/.test(char)) return String(draw(at, 10));
    if (/[a-f]/.test(char)) return 'abcdef'[draw(at, 6)];
    return /[A-F]/.test(char) ? 'ABCDEF'[draw(at, 6)] : char;
  }).join('');
}

/**
 * @param {string} seed
 * @param {string} address
 */
function inventedIpv4(seed, address) {
  const draw = keyedNumbers(seed, `ipv4 ${address}`);
  return address
    .split('.')
    .map(({ length }, at) => {
      const least = length === 1 ? 0 : 10 ** (length - 1);
      return String(least + draw(at, Math.min(256, 10 ** length) - least));
    })
    .join('.');
}
