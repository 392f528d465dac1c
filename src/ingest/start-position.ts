/** Where the reading of the stream begins: where the log says; while it is empty, where it can without counting twice. */
import type { FoundGap } from '../core/gaps.ts';
import type { StreamCursor } from '../core/stream-cursor.ts';
import { HOUR_MS, hourStartMs } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';

export interface Beginning {
  readonly cursor: StreamCursor;
  /** What cannot be asked for any more. */
  readonly gaps: readonly FoundGap[];
}

/**
 * A log that expired or was lost while gold remembers its parts: reading begins with the next hour, for an event of
 * an hour that was read before could not be told from one that was counted. `since` (ISO 8601) counts where nothing
 * was ever read, or where it is later.
 */
export async function beginningOf(
  cursor: StreamCursor,
  since: string | undefined,
  gold: Pick<GoldWriter, 'lastStreamHour'>,
  persistence: Persistence,
  nowMs: number = Date.now(),
): Promise<Beginning> {
  const isUnread = cursor.startMs === undefined && Object.keys(cursor.topics).length === 0;
  if (!isUnread) return { cursor, gaps: [] };
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
