/** Tab-separated rows of mediawiki_history, in three historical layouts. */

import type { Change } from './change.ts';
import { dumpRevisionOf } from './dump-facts.ts';
import { particularsOf } from './particulars.ts';

/** Number of columns, which identifies the layout. */
export type DumpColumns = 70 | 76 | 78;
export const DUMP_COLUMNS: readonly DumpColumns[] = [70, 76, 78];

/** Columns of the fields that are filled; the others stay empty, which the format allows. */
const PLACES = {
  70: { entity: 1, userText: 7, bot: 12, anonymous: 17, page: 23, title: 25, namespace: 28, revision: 52 },
  76: { entity: 1, userText: 8, bot: 13, anonymous: 18, page: 26, title: 28, namespace: 31, revision: 58 },
  78: { entity: 2, userText: 9, bot: 14, anonymous: 19, page: 28, title: 30, namespace: 33, revision: 60 },
} as const;

/** The rows of a change: its revision, and sometimes a page or user event, which is not an edit. */
export function rowsOf(change: Change, columns: DumpColumns): string[] {
  const { deed } = change;
  const revision = dumpRevisionOf(change);
  const rows: string[] = [];
  if (revision !== undefined) {
    const { page, revision: at } = PLACES[columns];
    const facts = particularsOf(change);
    const fields = eventFields(change, columns, 'revision', 'create');
    fields[page] = String(1 + (deed.page % 90_000_000));
    fields[at] = String(revision.revision);
    fields[at + 1] = String(revision.parent);
    fields[at + 2] = String(facts.minor);
    fields[at + 5] = String(revision.bytes);
    fields[at + 6] = String(revision.bytesDiff);
    fields[at + 10] = 'false';
    rows.push(fields.join('\t'));
  }
  if (deed.type === 'new') rows.push(eventFields(change, columns, 'page', 'create').join('\t'));
  if (deed.type === 'log' && deed.salt % 2 === 0)
    rows.push(eventFields(change, columns, 'user', 'altergroups').join('\t'));
  return rows;
}

function eventFields(change: Change, columns: DumpColumns, entity: string, type: string): string[] {
  const { deed } = change;
  const { entity: at, userText, bot, anonymous, title, namespace } = PLACES[columns];
  const facts = particularsOf(change);
  const revision = dumpRevisionOf(change);
  const fields = Array.from({ length: columns }, () => '');
  fields[0] = deed.wiki.db;
  fields[at] = entity;
  fields[at + 1] = type;
  fields[at + 2] = `${new Date(change.timestamp * 1000).toISOString().replace('T', ' ').slice(0, 19)}.0`;
  fields[at + 3] = escaped(facts.comment);
  if (!facts.redacted) fields[userText] = escaped(facts.user);
  fields[bot] = (revision?.botBy ?? []).join(',');
  fields[bot + 1] = fields[bot];
  fields[anonymous] = 'false';
  fields[title] = escaped(facts.title.replace(/^[^:/]+:(?=\S)/, '').replaceAll(' ', '_'));
  fields[namespace] = String(facts.namespace);
  return fields;
}

/** The format has no quotes: characters that would end a field or row are escaped with a backslash. */
function escaped(text: string): string {
  return text.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
