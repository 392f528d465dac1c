import { namespacesOf, rewriteCapture } from './captures.mjs';
import { inventedIds } from './invented-ids.mjs';
import { inventedText, replacedWords } from './invented-text.mjs';
import { inventedWords, wordKey } from './invented-words.mjs';

/**
 * Replaces in captures whatever leads to a person or a page by invented values of the same shape. A value that occurs
 * again, in any of the captures, is replaced by the same one.
 *
 * @param {readonly import('./captures.mjs').Capture[]} captures
 * @param {string} seed
 * @returns {import('./captures.mjs').Capture[]}
 */
export function anonymise(captures, seed) {
  const namespaces = new Set(captures.flatMap(namespacesOf));
  const originals = originalsOf(captures, namespaces);
  const ids = inventedIds(seed, originals.ids);

  /** @type {Record<import('./fields.mjs').Rule, (value: string) => string>} */
  const rewrites = {
    keep: value => value,
    id: value => ids.get(value) ?? value,
    continue: value => continued(value, id => ids.get(id) ?? id),
    text: inventedText({ seed, namespaces, ids, word: inventedWords(seed, originals.words) }),
  };
  return captures.map(capture => ({
    name: capture.name,
    text: rewriteCapture(capture, (rule, value) => rewrites[rule](value)),
  }));
}

/**
 * @param {readonly import('./captures.mjs').Capture[]} captures
 * @param {ReadonlySet<string>} namespaces
 */
function originalsOf(captures, namespaces) {
  const wordsOf = replacedWords(namespaces);
  /** @type {Set<string>} */
  const words = new Set();
  /** @type {Set<string>} */
  const ids = new Set();
  /** @param {string} id */
  const addId = id => {
    if (/^[1-9]\d*$/.test(id)) ids.add(id);
    return id;
  };
  for (const capture of captures) {
    rewriteCapture(capture, (rule, value) => {
      if (rule === 'id') addId(value);
      if (rule === 'continue') continued(value, addId);
      if (rule === 'text') for (const word of wordsOf(value)) words.add(wordKey(word));
      return value;
    });
  }
  return { words, ids };
}

/**
 * Where the Action API continues: a time, which is kept, and the id of a change.
 *
 * @param {string} value such as `20260226153831|2000101134`
 * @param {(id: string) => string} rewriteId
 */
function continued(value, rewriteId) {
  return value.replace(/(?<=\|)\d+$/, rewriteId);
}
