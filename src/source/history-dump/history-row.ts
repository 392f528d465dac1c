/**
 * ② Reads one row of a mediawiki_history dump. Most rows are not needed (pages, users, other times), so rows are filtered
 * by their bytes, and only those that are kept become objects: recentchange events without the fields that the dump
 * does not have. Pure.
 */
import { isUtf8 } from 'node:buffer';
import { isWikiName } from '../../core/wiki-name.ts';
import type { DeadReason } from '../../core/reading.ts';
import type { Columns } from './columns.ts';

/** An edit from a dump; unknown fields are absent. */
export interface HistoryEvent {
  /** `new` created the page. The dump lists moves, protections and imports as edits. */
  readonly type: 'edit' | 'new';
  readonly namespace?: number;
  /** Only for namespace 0: the dump has no prefix for the others. The current title, not the one at the time. */
  readonly title?: string;
  readonly comment?: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly user?: string;
  /** Whether the ACCOUNT was, or looked like, a bot; in the stream it is a flag of the change. */
  readonly bot: boolean;
  readonly minor?: boolean;
  /**
   * Bytes, `new - old` = `revision_text_bytes_diff`. Absent for an edit whose difference is unknown: readers take a
   * missing `old` as 0 and would count the whole page.
   */
  readonly length?: { readonly old?: number; readonly new: number };
  readonly revision: { readonly old?: number; readonly new: number };
  readonly wiki: string;
}

/** Why the row of an edit is unusable; `bad_columns`: its number of columns differs from the rest of the file. */
export type UnusableReason = Extract<DeadReason, 'invalid_utf8' | `bad_${string}`> | 'bad_columns';

export type RowReading =
  | { readonly kind: 'edit'; readonly event: HistoryEvent }
  | { readonly kind: 'unusable'; readonly reason: UnusableReason }
  /** Not an edit, or outside the range. */
  | { readonly kind: 'other' };

/** Reads one row, without its newline. */
export type RowReader = (row: Buffer) => RowReading;

const TAB = 0x09;
const CREATED_REVISION = Buffer.from('revision\tcreate\t');
/** The format of a time: each 0 stands for a digit. A fraction follows, which is always 0. */
const TIME = Buffer.from('0000-00-00 00:00:00');
const [ZERO, NINE] = [0x30, 0x39];
const OTHER: RowReading = { kind: 'other' };
const ESCAPES: Readonly<Record<string, string>> = { '\\t': '\t', '\\n': '\n', '\\r': '\r' };
const INT32_MAX = 2 ** 31 - 1;

/** Columns in a row. */
export function countColumns(row: Buffer): number {
  let count = 1;
  for (const byte of row) if (byte === TAB) count += 1;
  return count;
}

/**
 * A reader that keeps the edits of [fromMs, toMs).
 * @param fromMs Epoch ms, as `toMs`; rows have whole seconds.
 */
export function rowReader(columns: Columns, fromMs: number, toMs: number): RowReader {
  const from = timeBytes(fromMs);
  const to = timeBytes(toMs);
  const tabs = new Int32Array(columns.count);
  return row => {
    const at = timeOfEdit(row, columns);
    if (at < 0) return OTHER;
    if (!isTime(row, at)) return unusable('bad_timestamp');
    // Times in this format sort as text.
    if (isBefore(row, at, from) || !isBefore(row, at, to)) return OTHER;
    if (!findTabs(row, tabs)) return unusable('bad_columns');
    if (!isUtf8(row)) return unusable('invalid_utf8');
    const field = (column: number): string =>
      row.toString('utf8', column === 0 ? 0 : (tabs[column - 1] ?? 0) + 1, tabs[column]);
    return readEdit(field, columns);
  };
}

/** Where the time starts in the row of an edit; -1 in any other row. */
function timeOfEdit(row: Buffer, { entity }: Columns): number {
  let at = 0;
  for (let column = 0; column < entity; column++) {
    at = row.indexOf(TAB, at) + 1;
    if (at === 0) return -1;
  }
  for (const byte of CREATED_REVISION) if (row[at++] !== byte) return -1;
  return at;
}

/** Whether the bytes have the format of a time. Whether the time exists is checked when it is parsed. */
function isTime(row: Buffer, at: number): boolean {
  for (let index = 0; index < TIME.length; index++) {
    const byte = row[at + index] ?? 0;
    const matches = TIME[index] === ZERO ? byte >= ZERO && byte <= NINE : byte === TIME[index];
    if (!matches) return false;
  }
  return true;
}

function isBefore(row: Buffer, at: number, time: Buffer): boolean {
  for (let index = 0; index < TIME.length; index++) {
    const difference = (row[at + index] ?? 0) - (time[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The first whole second at or after an instant, in the format of the rows. */
function timeBytes(ms: number): Buffer {
  const second = new Date(Math.ceil(ms / 1000) * 1000).toISOString();
  return Buffer.from(second.replace('T', ' ').slice(0, TIME.length));
}

/** Fills `tabs` with the end of each column; false when there are more or fewer. */
function findTabs(row: Buffer, tabs: Int32Array): boolean {
  let found = 0;
  for (let at = 0; at < row.length; at++) {
    if (row[at] !== TAB) continue;
    if (found === tabs.length - 1) return false;
    tabs[found++] = at;
  }
  tabs[found] = row.length;
  return found === tabs.length - 1;
}

function readEdit(field: (column: number) => string, columns: Columns): RowReading {
  const wiki = field(columns.wiki);
  if (!isWikiName(wiki)) return unusable('bad_wiki');
  const timestamp = Date.parse(`${field(columns.timestamp).replace(' ', 'T')}Z`) / 1000;
  if (!Number.isSafeInteger(timestamp)) return unusable('bad_timestamp');
  const revision = integer(field(columns.revision));
  const parent = integer(field(columns.parent)) ?? 0;
  if (revision === undefined || Number.isNaN(revision) || Number.isNaN(parent)) {
    return unusable('bad_revision');
  }
  const type = parent === 0 ? 'new' : 'edit';
  const after = integer(field(columns.bytes));
  const change = integer(field(columns.bytesDiff));
  if (!isSize(after) || !isSize(change)) return unusable('bad_length');

  const namespace = integer(field(columns.namespace));
  const title = namespace === 0 ? field(columns.title).replaceAll('_', ' ') : '';
  const minor = field(columns.minor);
  return {
    kind: 'edit',
    event: {
      type,
      ...(namespace === undefined || Number.isNaN(namespace) ? {} : { namespace }),
      ...known('title', title),
      ...known('comment', field(columns.comment)),
      timestamp,
      ...known('user', field(columns.user)),
      bot: field(columns.botBy) !== '',
      ...(minor === '' ? {} : { minor: minor === 'true' }),
      ...lengthOf(type, after, change),
      revision: parent === 0 ? { new: revision } : { old: parent, new: revision },
      wiki,
    },
  };
}

function lengthOf(
  type: HistoryEvent['type'],
  after: number | undefined,
  change: number | undefined,
): Pick<HistoryEvent, 'length'> {
  if (after === undefined) return {};
  if (type === 'new') return { length: { new: after } };
  return change === undefined ? {} : { length: { old: after - change, new: after } };
}

/** A text column under its name; nothing for null, which dumps write as an empty column. */
function known<Name extends string>(name: Name, text: string): { readonly [key in Name]?: string } {
  if (text === '') return {};
  const plain = text.includes('\\') ? text.replaceAll(/\\[tnr]/g, escape => ESCAPES[escape] ?? escape) : text;
  return { [name]: plain } as { readonly [key in Name]: string };
}

/** An integer; undefined for null, NaN for anything else. */
function integer(text: string): number | undefined {
  if (text === '') return undefined;
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Sizes are summed into a 32-bit column. */
function isSize(value: number | undefined): boolean {
  return value === undefined || Math.abs(value) <= INT32_MAX;
}

function unusable(reason: UnusableReason): RowReading {
  return { kind: 'unusable', reason };
}
