/**
 * A cursor that lies in the future (written by an earlier version, or by a machine whose clock was ahead) would skip
 * everything until then. It is replaced by that of the newest record before it: what was stored since is recognised.
 */
import type { CommitLog } from '../bronze/commit-log.ts';
import type { StreamCursor, TopicCursor } from '../core/stream-cursor.ts';
import type { Persistence } from '../store/persistently.ts';

/** The log's last cursor, with every topic that is ahead of `nowMs` set back. */
export async function healedCursor(
  log: Pick<CommitLog, 'tail' | 'backwards'>,
  nowMs: number,
  persistence: Persistence,
): Promise<StreamCursor> {
  const { cursor, storedToMs } = log.tail;
  const isAhead = ({ timestampMs }: TopicCursor): boolean => timestampMs > nowMs;
  const ahead = new Map(Object.entries(cursor.topics).filter(([, known]) => isAhead(known)));
  if (ahead.size === 0) return cursor;
  const healed: Record<string, TopicCursor> = { ...cursor.topics };
  for await (const record of log.backwards(persistence)) {
    for (const topic of ahead.keys()) {
      const known = record.cursor.topics[topic];
      if (known !== undefined && isAhead(known)) continue;
      ahead.delete(topic);
      const startMs = Math.min(cursor.startMs ?? nowMs, nowMs);
      healed[topic] = known ?? { partition: cursor.topics[topic]?.partition ?? 0, timestampMs: startMs };
    }
    if (ahead.size === 0) break;
  }
  // All older records have expired: the offset stays, so that what is missing after it becomes a gap.
  const timestampMs = storedToMs > 0 ? Math.min(storedToMs, nowMs) : nowMs;
  for (const [topic, known] of ahead) healed[topic] = { ...known, timestampMs };
  return { ...cursor, topics: healed };
}
