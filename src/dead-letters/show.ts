/** Dead letters as lines for a terminal. Pure, and safe: no content of a letter can control the terminal. */
import type { DeadLetter } from '../bronze/part-buffer.ts';
import { readEventId } from '../core/stream-cursor.ts';

/** Characters of `raw` that a line shows: enough to recognise it; `--json` has the rest. */
const RAW_CHARACTERS = 160;
/** Control characters, line separators, invisible characters and those that change the writing direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `replayed`: usable, and stored by a replay already. */
export type LetterState = 'unusable' | 'usable' | 'replayed';

const STATE_LABELS: Readonly<Record<LetterState, string>> = {
  unusable: '',
  usable: ' (usable now)',
  replayed: ' (replayed)',
};

export interface ShownLetter {
  readonly key: string;
  readonly letter: DeadLetter;
  readonly state: LetterState;
}

/** One line: when, why, state, identity, position, object, and the start of the letter. */
export function letterLine({ key, letter, state }: ShownLetter): string {
  const { receivedAt, reason, identity, eventId, raw } = letter;
  const why = `${reason}${STATE_LABELS[state]}`;
  const fields = [receivedAt, why, identity ?? '-', positionOf(eventId), key, startOf(raw)];
  return fields.map(visible).join('  ');
}

/** The text with every hidden character escaped. */
export function visible(text: string): string {
  return text.replace(HIDDEN, character => {
    const code = character.codePointAt(0) ?? 0;
    return SHORT_ESCAPES[character] ?? `\\u{${code.toString(16)}}`;
  });
}

export interface LetterCount {
  readonly letters: number;
  /** Letters that today's reader can use. */
  readonly usable: number;
}

/** Counts by reason as a table, most frequent first. */
export function countLines(counts: ReadonlyMap<string, LetterCount>): string[] {
  const sorted = [...counts].sort(([a, x], [b, y]) => y.letters - x.letters || (a < b ? -1 : 1));
  const width = Math.max(...sorted.map(([name]) => visible(name).length), 'reason'.length);
  const row = (name: string, letters: string, usable: string): string =>
    `${name.padEnd(width)}  ${letters.padStart(7)}  ${usable.padStart(10)}`;
  return [
    row('reason', 'letters', 'usable now'),
    ...sorted.map(([name, { letters, usable }]) => row(visible(name), String(letters), String(usable))),
  ];
}

/** Topics with their timestamps if the id of the stream has them; otherwise the start of the id itself. */
function positionOf(eventId: string): string {
  const entries = readEventId(eventId).filter(({ timestampMs }) => timestampMs !== undefined);
  if (entries.length === 0) return eventId === '' ? '-' : startOf(eventId);
  return entries.map(({ topic, timestampMs }) => `${topic}@${timestampMs}`).join(',');
}

/** The first characters; never cuts a surrogate pair. */
function startOf(text: string): string {
  if (text.length <= RAW_CHARACTERS) return text;
  return `${text.slice(0, RAW_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `1 part`, `2 parts`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
