/**
 * Parts that a rebuild has counted before anyone has added them to gold. The rows they add are new, so the audit must not
 * call them corrections (`changedRows`). Pure; both stores of gold use it.
 */
import { rowIdentity } from '../core/minute-counts.ts';
import type { MinuteRow } from '../core/minute-counts.ts';
import type { HourOutcome, RebuiltHour } from './gold-store.ts';

export interface PendingRows {
  /** What the parts add, one row for each (minute, wiki, bot flag). Sums of bytes are not clamped. */
  readonly rows: readonly MinuteRow[];
  readonly outcome: Pick<Extract<HourOutcome, { kind: 'replaced' }>, 'pendingParts' | 'pendingRows'>;
}

/**
 * @param isNew whether the ledger lacks a key; a part may have been applied while the others were counted
 * @param from the first epoch second that the rebuild replaces
 * @param before rows of minutes before this epoch second are an older project's: applying a part leaves them out
 */
export function pendingRows(
  { pending = [] }: Pick<RebuiltHour, 'pending'>,
  isNew: (key: string) => boolean,
  from: number,
  before = from,
): PendingRows {
  const since = Math.max(from, before);
  const parts = pending.filter(({ key }) => isNew(key));
  const sums = new Map<string, MinuteRow>();
  for (const row of parts.flatMap(part => part.rows)) {
    if (row.minute < since) continue;
    const name = rowIdentity(row);
    const { edits = 0, bytesChange = 0 } = sums.get(name) ?? {};
    sums.set(name, { ...row, edits: edits + row.edits, bytesChange: bytesChange + row.bytesChange });
  }
  const outcome = parts.length === 0 ? {} : { pendingParts: parts.length, pendingRows: sums.size };
  return { rows: [...sums.values()], outcome };
}
