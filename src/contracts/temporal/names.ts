/** Workflow ids, task queues and schedule ids. They are fixed because operators rely on them. */
import type { BackfillSource } from '../../core/backfill.ts';
import { isoSeconds } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';

/** Task queue of the workflows; those of the activities are derived from it. */
export const TASK_QUEUE = 'wikigauge';

/** Queue of the streaming activity. */
export function ingestQueue(taskQueue: string): string {
  return `${taskQueue}-ingest`;
}

/** Queue of the activities that apply parts. */
export function transformQueue(taskQueue: string): string {
  return `${taskQueue}-transform`;
}

/** Queue of the activities that read one source for a backfill. Each source has its own rate limit. */
export function backfillQueue(taskQueue: string, source: BackfillSource): string {
  return `${taskQueue}-backfill-${source}`;
}

/** `transform-2026-11-20T10`: the child workflow of one hour partition. */
export function transformHourId(hour: Hour): string {
  return `transform-${hour}`;
}

/** The Schedule that compacts finished days, and its runs. */
export const COMPACT_DAYS_ID = 'compact-days';

/** The Schedule that starts ingest again after a failure, and its runs. */
export const ENSURE_INGEST_ID = 'ensure-ingest';

/** The Schedule that looks for anomalies, and its runs. */
export const DETECT_ANOMALIES_ID = 'detect-anomalies';

/** `compact-2026-11-20`: the workflow that compacts a finished day. */
export function compactDayId(day: string): string {
  return `compact-${day}`;
}

/** `backfill-2026-11-20T10:05:00Z`: a backfill started from the command line, by its start. */
export function backfillId(startMs: number): string {
  return `backfill-${startTime(startMs)}`;
}

/** `transform-range-2026-11-20T10:05:00Z`: a rebuild started from the command line, by its start. */
export function transformRangeId(startMs: number): string {
  return `transform-range-${startTime(startMs)}`;
}

function startTime(startMs: number): string {
  return isoSeconds(Math.floor(startMs / 1000));
}
