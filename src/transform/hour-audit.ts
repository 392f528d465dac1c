/** The audit of an hour: what its parts hold, and what rebuilding it changed. */
import { auditCounts } from '../contracts/storage/hour-audit.ts';
import type { HourAudit } from '../contracts/temporal/transform.ts';
import type { Hour } from '../core/time.ts';
import type { CountedHour } from './count-hour-parts.ts';

export function auditOf(
  hour: Hour,
  { keys, counts }: CountedHour,
  {
    changedRows,
    pendingParts,
    pendingRows,
    gaps,
  }: Pick<HourAudit, 'changedRows' | 'pendingParts' | 'pendingRows' | 'gaps'>,
): HourAudit {
  return {
    hour,
    ...auditCounts(keys, counts),
    rows: counts.rows.length,
    changedRows,
    ...(pendingParts !== undefined && { pendingParts }),
    ...(pendingRows !== undefined && { pendingRows }),
    gaps,
  };
}
