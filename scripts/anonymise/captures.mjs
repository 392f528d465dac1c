import { extname } from 'node:path';
import { EVENT_FIELDS, HISTORY_COLUMNS, RESPONSE_FIELDS, ruleFor } from './fields.mjs';
import { rewriteLeaves } from './json-leaves.mjs';

/**
 * @typedef {object} Capture
 * @property {string} name its extension is the format: ndjson, sse, json, tsv
 * @property {string} text
 */

/** A stream may have been cut in the middle of an event. */
const COMPLETE_EVENT = /(?<=^(?:data: )?)\{.*\}(?=\r?$)/gm;

/** @typedef {(rule: import('./fields.mjs').Rule, value: string) => string} RewriteValue */

/**
 * Rewrites the values of a capture and keeps its format, byte for byte.
 *
 * @param {Capture} capture
 * @param {RewriteValue} rewrite
 * @returns {string}
 */
export function rewriteCapture({ name, text }, rewrite) {
  switch (extname(name)) {
    case '.ndjson':
      return rewriteJson(text, EVENT_FIELDS, rewrite);
    case '.sse':
      return text.replaceAll(/(?<=^data: ).*/gm, json => rewriteJson(json, EVENT_FIELDS, rewrite));
    case '.json':
      return rewriteJson(text, RESPONSE_FIELDS, rewrite);
    case '.tsv':
      return text.replaceAll(/.+/g, row => rewriteRow(row, rewrite));
    default:
      throw new Error(`${name}: expected a name that ends with .ndjson, .sse, .json or .tsv`);
  }
}

/**
 * Names of namespaces, in the language of the wiki: what is before the colon of a title that is in one.
 *
 * @param {Capture} capture
 * @returns {string[]}
 */
export function namespacesOf({ name, text }) {
  /** @type {{ title: string, namespace?: number, ns?: number }[]} */
  const changes = name.endsWith('.json')
    ? JSON.parse(text).query.recentchanges
    : Array.from(text.matchAll(COMPLETE_EVENT), ([event]) => JSON.parse(event));
  return changes
    .filter(({ title, namespace, ns }) => (namespace ?? ns ?? 0) !== 0 && title.includes(':'))
    .map(({ title }) => title.slice(0, title.indexOf(':')));
}

/**
 * @param {string} json
 * @param {typeof EVENT_FIELDS} fields
 * @param {RewriteValue} rewrite
 */
function rewriteJson(json, fields, rewrite) {
  return rewriteLeaves(json, (path, value) => rewrite(ruleFor(fields, path), value));
}

/**
 * @param {string} row
 * @param {RewriteValue} rewrite
 */
function rewriteRow(row, rewrite) {
  const cells = row.split('\t');
  const columns = HISTORY_COLUMNS.get(cells.length);
  if (!columns)
    throw new Error(`No rules for rows of ${cells.length} columns: add them to scripts/anonymise/fields.mjs`);
  return cells.map((cell, at) => rewrite(columns[at] ?? 'keep', cell)).join('\t');
}
