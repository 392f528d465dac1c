/** The workflow types that a worker registers; each export is a type by its name. */
export { backfill } from './backfill.ts';
export { compactDay } from './compact-day.ts';
export { compactDays } from './compact-days.ts';
export { ingest } from './ingest.ts';
export { transformHour } from './transform-hour.ts';
export { transformRange } from './transform-range.ts';
