/**
 * A cursor that lies in the future (written by an earlier version, or by a machine whose clock was ahead) would skip
 * everything until then. It is replaced by that of the newest record before it: what was stored since is recognised.
 */
import type { CommitLog } from '../bronze/commit-log.ts';
import { positionIn, positionsOf, withPosition } from '../core/stream-cursor.ts';
import type { StreamCursor, TopicCursor } from '../core/stream-cursor.ts';
import type { Persistence } from '../store/persistently.ts';

/** The clocks of two machines may differ. Reading resumes at least this long before a cursor, so it loses nothing. */
const SKEW_MS = 60_000;

/** The log's last cursor, with every partition that is ahead of `nowMs` set back. */
export async function healedCursor(
  log: Pick<CommitLog, 'tail' | 'backwards'>,
  nowMs: number,
  persistence: Persistence,
): Promise<StreamCursor> {
  const { cursor, storedToMs } = log.tail;
  const isAhead = ({ timestampMs }: TopicCursor): boolean => timestampMs > nowMs + SKEW_MS;
  let ahead = positionsOf(cursor).filter(isAhead);
  if (ahead.length === 0) return cursor;
  const startMs = Math.min(cursor.startMs ?? nowMs, nowMs);
  let healed = cursor;
  for await (const record of log.backwards(persistence)) {
    ahead = ahead.filter(({ topic, partition }) => {
      const known = positionIn(record.cursor, topic, partition);
      if (known !== undefined && isAhead(known)) return true;
      healed = withPosition(healed, { topic, ...(known ?? { partition, timestampMs: startMs }) });
      return false;
    });
    if (ahead.length === 0) return healed;
  }
  // All older records have expired: the offset stays, so that what is missing after it becomes a gap.
  const timestampMs = storedToMs > 0 ? Math.min(storedToMs, nowMs) : nowMs;
  for (const known of ahead) healed = withPosition(healed, { ...known, timestampMs });
  return healed;
}
