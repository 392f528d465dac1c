/** The lock of replays of dead letters: of a transaction, so that it also works through a pooler. */
import type { QueryConfig } from 'pg';
import { LOCK_CLASS } from './hours.ts';

/** No hour has this number; see `hourNumber`. */
const REPLAY = -1;

/** One row: `locked`. */
export function tryLockReplay(): QueryConfig {
  return { text: 'select pg_try_advisory_xact_lock($1, $2) as locked', values: [LOCK_CLASS, REPLAY] };
}

/** Waits until the lock is free. */
export function lockReplay(): QueryConfig {
  return { text: 'select pg_advisory_xact_lock($1, $2)', values: [LOCK_CLASS, REPLAY] };
}
