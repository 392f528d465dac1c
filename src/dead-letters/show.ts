/** Dead letters and what became of them as lines for a terminal. Pure: whatever they hold, nothing is executed by it. */
import type { DeadLetter } from '../bronze/part-buffer.ts';
import { readEventId } from '../core/stream-cursor.ts';

/** Characters of `raw` that a line shows: enough to see what it is; the rest is in `--json`. */
const RAW_CHARACTERS = 160;
/** Controls (a terminal obeys them), line separators, and what is invisible or turns the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** What is to be seen of a letter beside itself. */
export interface ShownLetter {
  readonly key: string;
  readonly letter: DeadLetter;
  readonly state: 'unusable' | 'usable now' | 'replayed';
}

/** One line: when, why, what it is now, which event at which position, in which object, and how it begins. */
export function letterLine({ key, letter, state }: ShownLetter): string {
  const { receivedAt, reason, identity, eventId, raw } = letter;
  const why = state === 'unusable' ? reason : `${reason} (${state})`;
  const fields = [receivedAt, why, identity ?? '-', positionOf(eventId), key, beginningOf(raw)];
  return fields.map(visible).join('  ');
}

/** The text with every character that one would not see written out. */
export function visible(text: string): string {
  return text.replace(UNSEEN, character => {
    const code = character.codePointAt(0) ?? 0;
    return SHORT[character] ?? `\\u{${code.toString(16)}}`;
  });
}

export interface LetterCount {
  readonly letters: number;
  /** Those that today's reader can use. */
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

/** Topics with their timestamps, as far as the id of the stream tells; else the id itself. */
function positionOf(eventId: string): string {
  const entries = readEventId(eventId).filter(({ timestampMs }) => timestampMs !== undefined);
  if (entries.length === 0) return eventId === '' ? '-' : beginningOf(eventId);
  return entries.map(({ topic, timestampMs }) => `${topic}@${timestampMs}`).join(',');
}

/** The first characters, never half of one. */
function beginningOf(text: string): string {
  if (text.length <= RAW_CHARACTERS) return text;
  return `${text.slice(0, RAW_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `1 part`, `2 parts`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
