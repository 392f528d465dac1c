/** The audit of an hour: what its parts hold, and what rebuilding it changed. */
import type { HourAudit } from '../contracts/temporal/transform.ts';
import type { Hour } from '../core/time.ts';
import type { CountedHour } from './count-hour-parts.ts';

export function auditOf(
  hour: Hour,
  { keys, counts: { rows, events, edits, distinct, late, unusable } }: CountedHour,
  { changedRows, gaps }: Pick<HourAudit, 'changedRows' | 'gaps'>,
): HourAudit {
  return {
    hour,
    parts: keys.length,
    events,
    edits,
    distinct,
    duplicates: edits - distinct,
    late,
    unusable,
    rows: rows.length,
    changedRows,
    gaps,
  };
}
