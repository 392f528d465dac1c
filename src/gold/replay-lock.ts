/** Lets one process at a time replay dead letters: by an advisory lock, or without a database by a lease in S3. */
import type { GoldPlaces } from '../config/places.ts';
import { GOLD } from '../contracts/storage/object-keys.ts';
import { withLease } from '../store/lease.ts';
import type { VersionedStore } from '../store/object-store.ts';
import { withAdvisoryReplayLock } from './postgres/replay-lock.ts';

export interface ReplayLock {
  readonly places: GoldPlaces;
  readonly store: VersionedStore;
  /** Called once when another process has the lock and we have to wait. */
  readonly onWait: () => void;
}

const LEASE = `${GOLD}_lease/replay.json`;

/**
 * Runs `work` while no other process replays dead letters. The signal aborts when the lock is lost.
 * @throws PipelineError `postgres_unavailable`, `storage_unavailable`
 */
export async function withReplayLock<T>(
  { places, store, onWait }: ReplayLock,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const database = places.find(place => place.kind === 'postgres');
  return database === undefined
    ? withLease(store, { key: LEASE, onWait }, work)
    : withAdvisoryReplayLock(database.dsn, onWait, work);
}
