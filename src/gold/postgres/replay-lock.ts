/** The lock of replays as an advisory lock. It ends with its connection, so it is never stale. */
import { connect } from './connect.ts';
import { describeDsn, postgresFailure } from './connection.ts';
import { lockReplay, tryLockReplay } from './sql/locks.ts';

/**
 * Runs `work` while holding the lock. The signal aborts when the connection, and with it the lock, is lost.
 * @throws PipelineError `postgres_unavailable`
 */
export async function withAdvisoryReplayLock<T>(
  dsn: string,
  onWait: () => void,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const where = describeDsn(dsn);
  const lost = new AbortController();
  const { client } = await connect(dsn, 'lock replays', { application_name: 'wikigauge replay' });
  client.on('error', error => lost.abort(postgresFailure(error, where, 'hold the lock of replays')));
  try {
    await client.query('begin');
    const { rows } = await client.query<{ locked: boolean }>(tryLockReplay());
    if (rows[0]?.locked !== true) {
      onWait();
      await client.query(lockReplay());
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw postgresFailure(error, where, 'lock replays');
  }
  try {
    return await work(lost.signal);
  } finally {
    await client.end().catch(() => undefined);
  }
}
