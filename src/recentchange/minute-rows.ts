/** ⑤ Folds edits into rows, one for each (minute, wiki, bot flag). */
import { byKey, rowIdentity } from '../core/minute-counts.ts';
import type { CountedEvent } from '../core/line-reader.ts';
import type { Fold, MinuteRow } from '../core/minute-counts.ts';
import { minuteOf } from '../core/time.ts';

export class MinuteRows implements Fold<MinuteRow> {
  readonly #rows = new Map<string, Mutable<MinuteRow>>();

  add({ timestamp, wiki, edit }: CountedEvent): void {
    if (edit === undefined) return;
    const { isBot, bytesChange } = edit;
    const minute = minuteOf(timestamp);
    const name = rowIdentity({ minute, wiki, isBot });
    const row = this.#rows.get(name);
    if (row === undefined) this.#rows.set(name, { minute, wiki, isBot, edits: 1, bytesChange });
    else {
      row.edits += 1;
      row.bytesChange += bytesChange;
    }
  }

  rows(): MinuteRow[] {
    return Array.from(this.#rows.values(), row => ({ ...row })).sort(byKey);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
