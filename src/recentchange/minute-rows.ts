/** ⑤ Folds edits into rows, one for each (minute, wiki, bot flag). */
import type { CountedEvent } from '../core/line-reader.ts';
import { byKey } from '../core/minute-counts.ts';
import type { Fold, MinuteRow } from '../core/minute-counts.ts';

const MINUTE_SEC = 60;

export class MinuteRows implements Fold<MinuteRow> {
  /** By wiki, then by minute and bot flag as one number: no text has to be put together for an edit. */
  readonly #wikis = new Map<string, Map<number, Mutable<MinuteRow>>>();

  add({ timestamp, wiki, edit }: CountedEvent): void {
    if (edit === undefined) return;
    const { isBot, bytesChange } = edit;
    const minute = Math.floor(timestamp / MINUTE_SEC);
    const name = minute * 2 + Number(isBot);
    const rows = this.#wikis.get(wiki) ?? this.#open(wiki);
    const row = rows.get(name);
    if (row === undefined)
      rows.set(name, { minute: minute * MINUTE_SEC, wiki, isBot, edits: 1, bytesChange });
    else {
      row.edits += 1;
      row.bytesChange += bytesChange;
    }
  }

  rows(): MinuteRow[] {
    const rows = [...this.#wikis.values()].flatMap(ofWiki => [...ofWiki.values()]);
    return rows.map(row => ({ ...row })).sort(byKey);
  }

  #open(wiki: string): Map<number, Mutable<MinuteRow>> {
    const rows = new Map<number, Mutable<MinuteRow>>();
    this.#wikis.set(wiki, rows);
    return rows;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
