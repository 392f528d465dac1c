/** The rows that the events of one buffer will add to gold, by the part that each hour of it becomes. */
import { streamPartKey } from '../contracts/storage/object-keys.ts';
import type { FlushOfKey } from '../contracts/storage/object-keys.ts';
import type { LivePart } from '../contracts/live-frame.ts';
import type { CountedEvent } from '../core/line-reader.ts';
import type { Fold, MinuteRow } from '../core/minute-counts.ts';
import { hourOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';

export type NewFold = () => Fold<MinuteRow>;

export class BufferedRows {
  readonly #newFold: NewFold;
  readonly #hours = new Map<Hour, Fold<MinuteRow>>();

  constructor(newFold: NewFold) {
    this.#newFold = newFold;
  }

  add(event: CountedEvent): void {
    if (event.edit === undefined) return;
    const hour = hourOf(event.timestamp);
    let fold = this.#hours.get(hour);
    if (fold === undefined) this.#hours.set(hour, (fold = this.#newFold()));
    fold.add(event);
  }

  /** The parts that a flush makes of it. Hours without edits are left out: they add nothing. */
  parts({ sequence, attempt }: FlushOfKey): LivePart[] {
    return [...this.#hours].map(([hour, fold]) => ({
      key: streamPartKey(hour, sequence, attempt),
      kind: 'open',
      rows: fold.rows(),
    }));
  }
}
