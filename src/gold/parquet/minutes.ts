/** Compact forms of minutes for the reader's caches: 12 bytes a minute, or 8 a wiki, instead of about a hundred. */
import type { MinuteRow } from '../../core/minute-counts.ts';
import type { Hour } from '../../core/time.ts';
import type { MinuteEdits } from '../gold-store.ts';
import { hourSeconds } from '../hour-seconds.ts';

/** Minutes of one wiki, ascending. */
export class WikiMinutes {
  /** Three numbers a minute: epoch seconds, edits of humans, edits of bots. */
  readonly #cells: Uint32Array;

  /** @param rows of one wiki, by minute */
  constructor(rows: readonly MinuteRow[]) {
    const cells: number[] = [];
    for (const { minute, isBot, edits } of rows) {
      if (cells.at(-3) !== minute) cells.push(minute, 0, 0);
      const at = cells.length - (isBot ? 1 : 2);
      cells[at] = (cells[at] ?? 0) + edits;
    }
    this.#cells = Uint32Array.from(cells);
  }

  get bytes(): number {
    return this.#cells.byteLength;
  }

  /** The newest minute, epoch seconds. */
  get last(): number {
    return this.#cells.at(-3) ?? 0;
  }

  /** Minutes in [from, to), epoch seconds. */
  *between(from: number, to: number): Generator<MinuteEdits> {
    for (let at = 0; at < this.#cells.length; at += 3) {
      const minute = this.#cells[at] ?? 0;
      if (minute < from || minute >= to) continue;
      yield { minute, human: this.#cells[at + 1] ?? 0, bot: this.#cells[at + 2] ?? 0 };
    }
  }
}

/** Without rows of other hours, which nobody who counts an hour writes. */
export function rowsWithin(hour: Hour, rows: readonly MinuteRow[]): readonly MinuteRow[] {
  const [start, end] = hourSeconds(hour);
  const isWithin = ({ minute }: MinuteRow): boolean => minute >= start && minute < end;
  return rows.every(isWithin) ? rows : rows.filter(isWithin);
}

/** Splits the rows of an object by wiki. @param rows by wiki and minute, as files store them */
export function minutesByWiki(rows: readonly MinuteRow[]): Map<string, WikiMinutes> {
  const found = new Map<string, WikiMinutes>();
  for (let start = 0; start < rows.length;) {
    const wiki = rows[start]?.wiki ?? '';
    let end = start;
    while (rows[end]?.wiki === wiki) end += 1;
    found.set(wiki, new WikiMinutes(rows.slice(start, end)));
    start = end;
  }
  return found;
}

/** Numbers for the names of wikis, which are the same day after day. */
export class WikiNumbers {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** Packs one minute a wiki: number and minute in turn. */
  pack(minutes: Readonly<Record<string, number>>): Uint32Array {
    return Uint32Array.from(
      Object.entries(minutes).flatMap(([wiki, minute]) => [this.#numberOf(wiki), minute]),
    );
  }

  /** Reverses `pack`. */
  unpack(packed: Uint32Array): Map<string, number> {
    const minutes = new Map<string, number>();
    for (let at = 0; at < packed.length; at += 2)
      minutes.set(this.#names[packed[at] ?? 0] ?? '', packed[at + 1] ?? 0);
    return minutes;
  }

  #numberOf(wiki: string): number {
    const number = this.#numbers.get(wiki) ?? this.#names.push(wiki) - 1;
    this.#numbers.set(wiki, number);
    return number;
  }
}
