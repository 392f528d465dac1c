/** Where reading starts: where the log ends or, without a log, the first position that cannot count an event twice. */
import { gapOf } from '../contracts/storage/log-record.ts';
import type { FoundGap } from '../core/gaps.ts';
import { isUnread } from '../core/stream-cursor.ts';
import type { StreamCursor } from '../core/stream-cursor.ts';
import { HOUR_MS, MINUTE_MS, hourStartMs } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';
import { assertQuiet } from './older-project.ts';

export interface StartDeps {
  readonly gold: Pick<GoldWriter, 'lastStreamHour' | 'olderProject' | 'recordGap'>;
  /** First epoch ms of the last minute that an older project has left in bronze. */
  readonly lastForeignMinute: (nowMs: number) => Promise<number | undefined>;
}

export interface StartPosition {
  readonly cursor: StreamCursor;
  /** Ranges that can no longer be read. */
  readonly gaps: readonly FoundGap[];
}

/**
 * If the log expired or was lost but gold knows its parts, reading starts with the hour after the last one counted:
 * without the log, events of earlier hours cannot be recognised as counted. `since` (ISO 8601) applies when nothing was
 * ever read, or when it is later. If an older project has left rows or parts, reading starts with the minute after its
 * last one. Gold gets to know that before the first event is read, because the rows before stay as they are.
 * @throws PipelineError `older_project_running`
 */
export async function startPosition(
  cursor: StreamCursor,
  since: string | undefined,
  { gold, lastForeignMinute }: StartDeps,
  persistence: Persistence,
  nowMs: number = Date.now(),
): Promise<StartPosition> {
  if (!isUnread(cursor)) return { cursor, gaps: [] };
  const last = await persistently(() => gold.lastStreamHour(), persistence);
  const sinceMs = since === undefined ? undefined : Date.parse(since);
  if (last === undefined) {
    const older = await persistently(() => gold.olderProject(nowMs), persistence);
    assertQuiet(older);
    const lastMs =
      older?.lastMinute === undefined
        ? await persistently(() => lastForeignMinute(nowMs), persistence)
        : older.lastMinute * 1000;
    if (lastMs === undefined)
      return { cursor: sinceMs === undefined ? cursor : { ...cursor, startMs: sinceMs }, gaps: [] };
    // Not in the future, where the stream would begin with whatever comes.
    const startMs = Math.max(Math.min(lastMs + MINUTE_MS, nowMs), sinceMs ?? 0);
    const gap: FoundGap = { cause: 'handover', fromMs: lastMs, toMs: Math.max(startMs, lastMs + MINUTE_MS) };
    await persistently(() => gold.recordGap(gapOf(gap)), persistence);
    return { cursor: { ...cursor, startMs, floorMs: startMs }, gaps: [gap] };
  }
  const fromMs = hourStartMs(last) ?? 0;
  const nextMs = Math.min(fromMs + HOUR_MS, nowMs);
  const startMs = Math.max(nextMs, sinceMs ?? nextMs);
  return {
    cursor: { ...cursor, startMs, floorMs: nextMs },
    gaps: [{ cause: 'log_lost', fromMs, toMs: startMs }],
  };
}
