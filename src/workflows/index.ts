/**
 * The workflow types that a worker registers, each by the name of its export.
 *
 * This folder holds the order of steps, waits and retry policies, and nothing else: state machines are pure files beside
 * the workflows and are tested without Temporal; data stays in activities, and only keys and counts enter a history.
 * Every promise is awaited at once or goes through `promises.ts`, because an unhandled rejection fails the workflow task for
 * ever.
 */
export { backfill } from './backfill.ts';
export { compactDay } from './compact-day.ts';
export { compactDays } from './compact-days.ts';
export { detectAnomalies } from './detect-anomalies.ts';
export { ensureIngest } from './ensure-ingest.ts';
export { ingest } from './ingest.ts';
export { transformHour } from './transform-hour.ts';
export { transformRange } from './transform-range.ts';
