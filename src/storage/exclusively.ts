/** One at a time over all processes on a database, by an advisory lock: gone with the connection, so never stale. */
import { Client } from 'pg';
import { describeDsn, driverConfig, postgresFailure } from './postgres.ts';
import { lockReplay, tryLockReplay } from './sql/replay-lock.ts';

export interface Exclusive {
  readonly dsn: string;
  /** Called when another process is at it and we wait. */
  readonly onWait: () => void;
}

/**
 * Does `work` while no other process replays dead letters. The signal aborts when the lock is lost.
 * @throws PipelineError `postgres_unavailable`
 */
export async function exclusively<T>(
  { dsn, onWait }: Exclusive,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const where = describeDsn(dsn);
  const lost = new AbortController();
  const client = new Client({ application_name: 'wikigauge replay', keepAlive: true, ...driverConfig(dsn) });
  client.on('error', error => lost.abort(postgresFailure(error, where, 'hold the lock of replays')));
  try {
    await client.connect();
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
