/** Rows of `gold.edits_per_min` as parameters: one array a column, which one statement unnests. */
import type { MinuteRow } from '../../../core/minute-counts.ts';
import { INT32_MAX, INT32_MIN } from '../../int32.ts';

/** The five parameters of `unnestRows`. */
export function rowArrays(rows: readonly MinuteRow[]): unknown[][] {
  return [
    rows.map(row => row.minute),
    rows.map(row => row.wiki),
    rows.map(row => row.isBot),
    rows.map(row => row.edits),
    rows.map(row => row.bytesChange),
  ];
}

/** SQL: the rows as table `given`, from parameters $1 to $5. `minute` is in epoch seconds. */
export const unnestRows = `unnest($1::float8[], $2::text[], $3::boolean[], $4::integer[], $5::bigint[])
          as given (minute, wiki, is_bot, edits, bytes_change)`;

/** SQL: a sum of bytes, clamped to the type of `bytes_change`. */
export function clampedBytes(sum: string): string {
  return `least(greatest(${sum}, ${INT32_MIN}), ${INT32_MAX})::integer`;
}
