/** `gold.corrections`: when rebuilds have changed rows, and why. */
import type { QueryConfig } from 'pg';
import { correctionsIn } from '../../../contracts/storage/hour-evidence.ts';
import type { Correction } from '../../../contracts/storage/hour-evidence.ts';
import { isoMs } from '../../../core/time.ts';
import type { Hour } from '../../../core/time.ts';
import { KEPT_CORRECTIONS } from '../../hour-evidence.ts';
import { hourSeconds } from '../../hour-seconds.ts';
import { epochMs } from './epoch.ts';

/** Adds one, and drops the oldest beyond those that are kept. Under the exclusive lock of the hour. */
export function addCorrection(hour: Hour, correction: Omit<Correction, 'nth'>): QueryConfig {
  const { at, kind, changedRows, parts, reasons } = correction;
  return {
    name: 'add-correction',
    text: `
      with added as (
        insert into gold.corrections (hour, nth, at, kind, changed_rows, parts, reasons)
        select to_timestamp($1), coalesce(max(nth), 0) + 1, $2::timestamptz, $3::text, $4::integer, $5::integer, $6::text[]
        from gold.corrections where hour = to_timestamp($1)
        returning nth
      )
      delete from gold.corrections old using added
      where old.hour = to_timestamp($1) and old.nth <= added.nth - $7::integer`,
    values: [hourSeconds(hour)[0], at, kind, changedRows, parts, reasons, KEPT_CORRECTIONS],
  };
}

/** Those of an hour, oldest first: rows as `CorrectionRow`. */
export function hourCorrections(hour: Hour): QueryConfig {
  return {
    name: 'hour-corrections',
    text: `
      select nth, ${epochMs('at')} as "atMs", kind, changed_rows as "changedRows", parts, reasons
      from gold.corrections where hour = to_timestamp($1) order by nth`,
    values: [hourSeconds(hour)[0]],
  };
}

export interface CorrectionRow extends Omit<Correction, 'at'> {
  readonly atMs: number;
}

/** Without rows that are not ours. */
export function correctionsOfRows(rows: readonly CorrectionRow[]): Correction[] {
  return correctionsIn(rows.map(({ nth, atMs, ...row }) => ({ nth, at: isoMs(atMs), ...row })));
}
