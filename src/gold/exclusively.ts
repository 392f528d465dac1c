/**
 * Replays of dead letters one at a time over all processes: by an advisory lock of the database, gone with the
 * connection and so never stale; in S3 alone by a lease.
 */
import { Client } from 'pg';
import { GOLD } from '../contracts/storage/object-keys.ts';
import { withLease } from '../store/lease.ts';
import type { VersionedStore } from '../store/object-store.ts';
import type { GoldPlaces } from '../config/places.ts';
import { describeDsn, driverConfig, postgresFailure } from './postgres/connection.ts';
import { lockReplay, tryLockReplay } from './postgres/sql/replay-lock.ts';

export interface Exclusive {
  readonly places: GoldPlaces;
  readonly store: VersionedStore;
  /** Called when another process is at it and we wait. */
  readonly onWait: () => void;
}

const LEASE = `${GOLD}_lease/replay.json`;

/**
 * Does `work` while no other process replays dead letters. The signal aborts when the lock is lost.
 * @throws PipelineError `postgres_unavailable`, `storage_unavailable`
 */
export async function exclusively<T>(
  { places, store, onWait }: Exclusive,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const database = places.find(place => place.kind === 'postgres');
  return database === undefined
    ? withLease(store, { key: LEASE, onWait }, work)
    : withAdvisoryLock(database.dsn, onWait, work);
}

async function withAdvisoryLock<T>(
  dsn: string,
  onWait: () => void,
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
