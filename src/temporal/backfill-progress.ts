/**
 * How far a backfill has come: what its workflow answers, and what the activities say of the windows that they read. A
 * window of the stream or a file of the dumps can take an hour, in which the workflow learns nothing.
 */
import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import type { WindowReading } from '../contracts/temporal/backfill.ts';
import { progress as progressQuery } from '../contracts/temporal/messages.ts';
import { BACKFILL_SOURCES, msLeft } from '../core/backfill.ts';
import type { BackfillSource, Stretch } from '../core/backfill.ts';
import { isObject } from '../core/json.ts';
import { HOUR_MS, isoSeconds } from '../core/time.ts';
import type { BackfillProgress, RunningWindow, UnplannedBackfill } from '../workflows/backfill-report.ts';
import { heartbeatOf } from './heartbeats.ts';

/** An answer of a worker that is older than these fields lacks them. */
export type AnsweredProgress = Omit<BackfillProgress, 'running' | 'startedAt'> &
  Partial<Pick<BackfillProgress, 'running' | 'startedAt'>>;

/** @throws as the query does, such as when no worker answers */
export async function readBackfillProgress(
  handle: WorkflowHandle,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<AnsweredProgress | UnplannedBackfill> {
  const answer = await handle.query<AnsweredProgress | UnplannedBackfill>(progressQuery.name);
  if (!('done' in answer)) return answer;
  const readings = (raw.pendingActivities ?? []).flatMap(pending =>
    readingIn(heartbeatOf(pending)?.['window']),
  );
  return withReadings(answer, readings, Date.now());
}

/** Adds what is read of the windows that are being read. @param nowMs epoch ms */
export function withReadings(
  progress: AnsweredProgress,
  readings: readonly WindowReading[],
  nowMs: number,
): AnsweredProgress {
  const { startedAt } = progress;
  if (progress.running === undefined || startedAt === undefined) return progress;
  const running = progress.running.map(window => withShare(window, readings));
  const perSource = { ...progress.perSource };
  for (const window of running) {
    const totals = perSource[window.source];
    if (totals === undefined) continue;
    const done = Math.min(totals.total, totals.done + (window.share ?? 0) * hoursOf(window));
    perSource[window.source] = { ...totals, done };
  }
  const portions = Object.values(perSource);
  const leftMs = msLeft(portions, nowMs - Date.parse(startedAt));
  const { eta: _, ...rest } = progress;
  return {
    ...rest,
    running,
    perSource,
    done: Math.round(10 * portions.reduce((sum, { done }) => sum + done, 0)) / 10,
    ...(Number.isFinite(leftMs) && { eta: isoSeconds(Math.ceil((nowMs + leftMs) / 1000)) }),
  };
}

/** The answer and the heartbeats are not of the same moment: a window that the answer does not name is left out. */
function withShare(window: RunningWindow, readings: readonly WindowReading[]): RunningWindow {
  const reading = readings.find(
    ({ source, wiki, from, to }) =>
      source === window.source && wiki === window.wiki && from < window.to && to > window.from,
  );
  if (reading === undefined || reading.total <= 0) return window;
  // The activity knows which part of the range its step is: a file of the dumps, for instance.
  const from = reading.from > window.from ? reading.from : window.from;
  const to = reading.to < window.to ? reading.to : window.to;
  return { ...window, from, to, share: Math.min(1, Math.max(0, reading.done / reading.total)) };
}

function hoursOf({ from, to }: Stretch): number {
  return (Date.parse(to) - Date.parse(from)) / HOUR_MS;
}

function readingIn(value: unknown): WindowReading[] {
  if (!isObject(value)) return [];
  const { from, to, wiki, done, total } = value;
  const source = BACKFILL_SOURCES.find((known): known is BackfillSource => known === value['source']);
  if (source === undefined || typeof from !== 'string' || typeof to !== 'string') return [];
  if (typeof done !== 'number' || typeof total !== 'number') return [];
  return [{ source, ...(typeof wiki === 'string' && { wiki }), from, to, done, total }];
}
