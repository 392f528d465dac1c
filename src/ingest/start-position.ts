/** Where reading starts: where the log ends or, without a log, the first position that cannot count an event twice. */
import type { FoundGap } from '../core/gaps.ts';
import { isUnread } from '../core/stream-cursor.ts';
import type { StreamCursor } from '../core/stream-cursor.ts';
import { HOUR_MS, hourStartMs } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';

export interface StartPosition {
  readonly cursor: StreamCursor;
  /** Ranges that can no longer be read. */
  readonly gaps: readonly FoundGap[];
}

/**
 * If the log expired or was lost but gold knows its parts, reading starts with the hour after the last one counted:
 * without the log, events of earlier hours cannot be recognised as counted. `since` (ISO 8601) applies when nothing was
 * ever read, or when it is later.
 */
export async function startPosition(
  cursor: StreamCursor,
  since: string | undefined,
  gold: Pick<GoldWriter, 'lastStreamHour'>,
  persistence: Persistence,
  nowMs: number = Date.now(),
): Promise<StartPosition> {
  if (!isUnread(cursor)) return { cursor, gaps: [] };
  const last = await persistently(() => gold.lastStreamHour(), persistence);
  const sinceMs = since === undefined ? undefined : Date.parse(since);
  if (last === undefined)
    return { cursor: sinceMs === undefined ? cursor : { ...cursor, startMs: sinceMs }, gaps: [] };
  const fromMs = hourStartMs(last) ?? 0;
  const nextMs = Math.min(fromMs + HOUR_MS, nowMs);
  const startMs = Math.max(nextMs, sinceMs ?? nextMs);
  return {
    cursor: { ...cursor, startMs, floorMs: nextMs },
    gaps: [{ cause: 'log_lost', fromMs, toMs: startMs }],
  };
}
