/**
 * All our advisory locks, in one place so that no two share a number. They last for a transaction, not for a session, so
 * that they also work through a connection pooler.
 */
import type { QueryConfig } from 'pg';
import { HOUR_MS } from '../../../core/time.ts';
import type { Hour } from '../../../core/time.ts';
import { hourSeconds } from '../../hour-seconds.ts';
import { changeCompressed } from './timescale.ts';

/** A number that no other program is likely to use: "wiki" in ASCII. */
const WIKIGAUGE = 0x77696b69;
/** No hour has this number. */
const REPLAY = -1;

/** The two numbers that lock an hour. */
export function hourLock(hour: Hour): readonly [number, number] {
  const [from] = hourSeconds(hour);
  return [WIKIGAUGE, (from * 1000) / HOUR_MS];
}

/**
 * Waits until no part of the hour is being applied, and keeps others out until the transaction ends. Its rows may be
 * compressed.
 */
export function lockHour(hour: Hour): QueryConfig {
  return {
    name: 'lock-hour',
    text: `select pg_advisory_xact_lock($1, $2), ${changeCompressed}`,
    values: [...hourLock(hour)],
  };
}

/** One row: `locked`. */
export function tryLockReplay(): QueryConfig {
  return { text: 'select pg_try_advisory_xact_lock($1, $2) as locked', values: [WIKIGAUGE, REPLAY] };
}

/** Waits until no other process replays dead letters. */
export function lockReplay(): QueryConfig {
  return { text: 'select pg_advisory_xact_lock($1, $2)', values: [WIKIGAUGE, REPLAY] };
}

/** Waits until no other process migrates, and keeps others out until the transaction ends. */
export function lockMigrations(): QueryConfig {
  // A lock of one number never collides with one of two.
  return { text: 'select pg_advisory_xact_lock($1)', values: [WIKIGAUGE] };
}

/** A session that keeps others from migrating. */
export interface LockHolder {
  readonly pid: number;
  /** Null where the role of PG_DSN may not see it. */
  readonly application: string | null;
  readonly role: string | null;
}

/** A row for each such session. */
export function holdersOfMigrations(): QueryConfig {
  return {
    text: `
      select pid, application_name as application, usename::text as role
      from pg_locks join pg_database db on db.oid = database left join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted and classid = 0 and objid = $1 and objsubid = 1
        and db.datname = current_database()`,
    values: [WIKIGAUGE],
  };
}
