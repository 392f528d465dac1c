/**
 * Backfills read the stream over one connection, however many there are and however many workers: Wikimedia allows a
 * client two, and ingest has the other. A lease in S3 guards it. It expires by itself: after a kill -9 the
 * next worker gets it within half a minute.
 */
import { PipelineError } from '../contracts/errors.ts';
import { GOLD } from '../contracts/storage/object-keys.ts';
import { withLease } from '../store/lease.ts';
import type { VersionedStore } from '../store/object-store.ts';

const KEY = `${GOLD}_lease/stream-backfill.json`;
/** A window takes minutes, so the next one may start some seconds late. */
const POLL_MS = 3_000;

export interface Turn {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** How long the lease lasts without being renewed. */
  readonly holdMs?: number;
}

/**
 * Does `work` while no other backfill reads the stream. Its signal aborts with the turn's, and when the lease is lost.
 * @throws the reason of the abort; whatever the work throws
 */
export async function onOneConnection<T>(
  store: VersionedStore,
  { signal, warn, holdMs }: Turn,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const onWait = (): void => warn('another backfill reads the stream; waiting for its turn');
  const lease = { key: KEY, onWait, signal, pollMs: POLL_MS, ...(holdMs !== undefined && { holdMs }) };
  try {
    return await withLease(store, lease, lost => work(AbortSignal.any([signal, lost])));
  } catch (error) {
    if (!(error instanceof PipelineError && error.code === 'conditional_write_unsupported')) throw error;
    // Gold in Postgres does not need If-Match, so such a store is allowed: one connection a worker is what is left.
    warn('this S3 endpoint has no If-Match, so each worker may read the stream at the same time');
    return work(signal);
  }
}
