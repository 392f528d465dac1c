/** The ledger, `gold.processed_keys`: which parts are in the rows. */
import type { QueryConfig } from 'pg';
import { OWN_PART_PATTERN, STREAM_PART_PATTERN, hourPrefix } from '../../../contracts/storage/object-keys.ts';
import { hoursBetween } from '../../../core/time.ts';
import type { Hour } from '../../../core/time.ts';
import { hourSeconds } from '../../hour-seconds.ts';
import { epochMs } from './epoch.ts';

/** Those of `keys` that are not in the ledger: rows of `s3_key`. */
export function unappliedKeys(keys: readonly string[]): QueryConfig {
  return {
    name: 'unapplied-keys',
    text: `
      select given.s3_key from unnest($1::text[]) as given (s3_key)
      where not exists (select from gold.processed_keys done where done.s3_key = given.s3_key)`,
    values: [keys],
  };
}

/** Parts of the hour in the ledger that are not among `keys`: rows of `s3_key`. */
export function uncountedKeys(hour: Hour, keys: readonly string[]): QueryConfig {
  return {
    name: 'uncounted-keys',
    text: `
      select done.s3_key from gold.processed_keys done
      where done.s3_key collate "C" >= $1 and done.s3_key collate "C" < $2
        and not exists (select from unnest($3::text[]) as given (s3_key) where given.s3_key = done.s3_key)`,
    values: [...keyBounds(hour), keys],
  };
}

/**
 * Enters parts whose edits are in the rows; those that are there already stay as they are. Parts of an older project get
 * no time: it would look as if that project were still counting. Returns the entered ones: rows of `s3_key`.
 */
export function markApplied(keys: readonly string[]): QueryConfig {
  return {
    name: 'mark-applied',
    text: `
      insert into gold.processed_keys (s3_key, processed_at)
      select given.s3_key, case when given.s3_key ~ $2 then now() end from unnest($1::text[]) as given (s3_key)
      on conflict (s3_key) do nothing
      returning s3_key`,
    values: [keys, OWN_PART_PATTERN],
  };
}

/**
 * A name for what each hour has, in their order: rows of `version`. Rows change with the ledger, or when an hour is
 * rebuilt.
 */
export function hourVersions(hours: readonly Hour[]): QueryConfig {
  const bounds = hours.map(keyBounds);
  return {
    name: 'hour-versions',
    text: `
      select concat_ws(' ',
        (select concat_ws(' ', count(*), max(processed_at)) from gold.processed_keys
         where s3_key collate "C" >= given.first and s3_key collate "C" < given.next),
        (select rebuilt_at from gold.hours where hour = to_timestamp(given.start))) as version
      from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as given (first, next, start, place)
      order by given.place`,
    values: [
      bounds.map(([first]) => first),
      bounds.map(([, next]) => next),
      hours.map(hour => hourSeconds(hour)[0]),
    ],
  };
}

/** Parts of an older project with keys of these hours: rows of `s3_key`. */
export function foreignKeys(from: Hour, to: Hour): QueryConfig {
  return {
    name: 'foreign-keys',
    text: `
      select s3_key from gold.processed_keys
      where s3_key collate "C" >= $1 and s3_key collate "C" < $2 and s3_key !~ $3`,
    values: [keyBounds(from)[0], keyBounds(to)[1], OWN_PART_PATTERN],
  };
}

/** The last stream part of the latest hour: one row of `s3_key`, or none. */
export function lastStreamKey(): QueryConfig {
  return {
    name: 'last-stream-key',
    text: `
      select s3_key from gold.processed_keys
      where s3_key ~ $1 order by s3_key collate "C" desc limit 1`,
    values: [STREAM_PART_PATTERN],
  };
}

/**
 * What an older project has left: one row of `lastMinute`, the newest minute before an epoch second (null without rows),
 * `quietMs`, the time since it last counted a part (null when unknown), and `isThere`. Rows without any key of ours are
 * its rows too.
 */
export function olderProject(nowMs: number): QueryConfig {
  return {
    name: 'older-project',
    text: `
      with foreign_keys as (
        select count(*) as number, max(processed_at) as last from gold.processed_keys where s3_key !~ $1
      ), newest as (
        select max(ts_minute) as minute from gold.edits_per_min where ts_minute <= to_timestamp($2)
      )
      select extract(epoch from newest.minute)::bigint as "lastMinute",
             round(extract(epoch from clock_timestamp() - foreign_keys.last) * 1000)::bigint as "quietMs",
             foreign_keys.number > 0 or (
               newest.minute is not null and not exists (select from gold.processed_keys where s3_key ~ $1)
             ) as "isThere"
      from foreign_keys, newest`,
    values: [OWN_PART_PATTERN, nowMs / 1000],
  };
}

/** The hour's parts: rows of `key` and `isAfter`, true for a part applied after the last rebuild had begun. */
export function hourLedger(hour: Hour): QueryConfig {
  return {
    name: 'hour-ledger',
    text: `
      select done.s3_key as key, coalesce(done.processed_at > audit.rebuilt_at, false) as "isAfter"
      from gold.processed_keys done
      left join gold.hours audit on audit.hour = to_timestamp($3)
      where done.s3_key collate "C" >= $1 and done.s3_key collate "C" < $2
      order by done.s3_key collate "C"`,
    values: [...keyBounds(hour), hourSeconds(hour)[0]],
  };
}

/** The audited hours that begin in [from, to), epoch seconds, ascending: rows as `HourRebuilt`. */
export function rebuiltHours(from: number, to: number): QueryConfig {
  const hours = hoursBetween(from * 1000, to * 1000);
  return {
    name: 'rebuilt-hours',
    text: `
      select ${epochMs('audit.hour')} as "hourMs", ${epochMs('audit.rebuilt_at')} as "rebuiltAtMs",
             exists (
               select from gold.processed_keys done
               where done.s3_key collate "C" >= asked.first_key and done.s3_key collate "C" < asked.end_key
                 and done.processed_at > audit.rebuilt_at
             ) as "hasAddedSince"
      from unnest($1::float8[], $2::text[], $3::text[]) as asked (second, first_key, end_key)
      join gold.hours audit on audit.hour = to_timestamp(asked.second)
      order by audit.hour`,
    values: [
      hours.map(hour => hourSeconds(hour)[0]),
      hours.map(hour => keyBounds(hour)[0]),
      hours.map(hour => keyBounds(hour)[1]),
    ],
  };
}

/** The hour's keys share a prefix; the index sorts them by bytes. */
function keyBounds(hour: Hour): readonly [from: string, to: string] {
  const prefix = hourPrefix(hour);
  return [prefix, `${prefix}\u{10FFFF}`];
}
