/** Statements that put an hour in the place of what gold has of it; one after the other in one transaction. */
import type { QueryConfig } from 'pg';
import { hourPrefix } from '../../../contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../../core/minute-counts.ts';
import { HOUR_MS, hourStartMs } from '../../../core/time.ts';
import type { Hour } from '../../../core/time.ts';
import type { RebuiltHour } from '../../gold-store.ts';

/** Class of our advisory locks; any number that no other program uses. */
export const LOCK_CLASS = 0x77696b69;

/** Hours since 1970: what an hour is locked by. */
export function hourNumber(hour: Hour): number {
  return Math.floor(startOf(hour) / HOUR_MS);
}

/** Waits until no part of the hour is being applied, and keeps others from it until the transaction ends. */
export function lockHour(hour: Hour): QueryConfig {
  return {
    name: 'lock-hour',
    text: 'select pg_advisory_xact_lock($1, $2)',
    values: [LOCK_CLASS, hourNumber(hour)],
  };
}

/** Applied parts of the hour that are not among `keys`: rows of `s3_key`. */
export function uncountedKeys({ hour, keys }: RebuiltHour): QueryConfig {
  const prefix = hourPrefix(hour);
  return {
    name: 'uncounted-keys',
    text: `
      select done.s3_key from gold.processed_keys done
      where done.s3_key collate "C" >= $1 and done.s3_key collate "C" < $2
        and not exists (select from unnest($3::text[]) as given (s3_key) where given.s3_key = done.s3_key)`,
    values: [prefix, `${prefix}\u{10FFFF}`, keys],
  };
}

/** Notes every counted part as applied, whether it was or not: its edits are in the rows. */
export function markApplied(keys: readonly string[]): QueryConfig {
  return {
    name: 'mark-applied',
    text: `
      insert into gold.processed_keys (s3_key) select unnest($1::text[])
      on conflict (s3_key) do nothing`,
    values: [keys],
  };
}

/**
 * Makes the hour's rows be these, and touches no row that is so already: most rebuilds find nothing to change.
 * One row: `changed`, the number of rows that were added, changed or removed.
 */
export function replaceRows(hour: Hour, rows: readonly MinuteRow[]): QueryConfig {
  const from = startOf(hour) / 1000;
  return {
    name: 'replace-rows',
    text: `
      with wanted as (
        select to_timestamp(minute) as ts_minute, wiki, is_bot, edits,
               least(greatest(bytes_change, -2147483648), 2147483647)::integer as bytes_change
        from unnest($3::float8[], $4::text[], $5::boolean[], $6::integer[], $7::bigint[])
          as counted (minute, wiki, is_bot, edits, bytes_change)
      ), gone as (
        delete from gold.edits_per_min old
        where old.ts_minute >= to_timestamp($1) and old.ts_minute < to_timestamp($2)
          and not exists (
            select from wanted
            where wanted.ts_minute = old.ts_minute and wanted.wiki = old.wiki and wanted.is_bot = old.is_bot
          )
        returning 1
      ), put as (
        insert into gold.edits_per_min as old (ts_minute, wiki, is_bot, edits, bytes_change)
        select ts_minute, wiki, is_bot, edits, bytes_change from wanted
        order by ts_minute, wiki collate "C", is_bot
        on conflict (ts_minute, wiki, is_bot) do update
          set edits = excluded.edits, bytes_change = excluded.bytes_change
          where (old.edits, old.bytes_change) is distinct from (excluded.edits, excluded.bytes_change)
        returning 1
      )
      select ((select count(*) from gone) + (select count(*) from put))::integer as changed`,
    values: [from, from + HOUR_MS / 1000, ...columnsOf(rows)],
  };
}

/**
 * Stretches of the hour in which nothing is known to be missing: where the stream was read, less the gaps. One row:
 * `covered_from`, `covered_to` (null where the stream was not read or nobody audited the hour), `gaps` as a list of
 * epoch seconds, begin and end in turn.
 */
export function readCovered(hour: Hour): QueryConfig {
  const from = startOf(hour) / 1000;
  return {
    name: 'read-covered',
    text: `
      select audit.covered_from, audit.covered_to, audit.hour is not null as audited,
             (select coalesce(array_agg(edge order by from_at, nth), '{}') from gold.gaps,
                lateral (values (1, extract(epoch from from_at)::float8), (2, extract(epoch from to_at)::float8))
                  as edges (nth, edge)
              where from_at < to_timestamp($2) and to_at > to_timestamp($1)) as gaps
      from (select) as one left join gold.hours audit on audit.hour = to_timestamp($1)`,
    values: [from, from + HOUR_MS / 1000],
  };
}

export interface CoveredRow {
  readonly covered_from: Date | null;
  readonly covered_to: Date | null;
  readonly audited: boolean;
  readonly gaps: readonly number[];
}

/** Adds rows of minutes that gold has nothing of for their wiki; one row: `changed`. */
export function addLostRows(rows: readonly MinuteRow[]): QueryConfig {
  return {
    name: 'add-lost-rows',
    text: `
      with put as (
        insert into gold.edits_per_min (ts_minute, wiki, is_bot, edits, bytes_change)
        select to_timestamp(minute), wiki, is_bot, edits,
               least(greatest(bytes_change, -2147483648), 2147483647)::integer
        from unnest($1::float8[], $2::text[], $3::boolean[], $4::integer[], $5::bigint[])
          as lost (minute, wiki, is_bot, edits, bytes_change)
        where not exists (
          select from gold.edits_per_min old
          where old.ts_minute = to_timestamp(lost.minute) and old.wiki = lost.wiki
        )
        order by minute, wiki collate "C", is_bot
        on conflict do nothing
        returning 1
      )
      select count(*)::integer as changed from put`,
    values: columnsOf(rows),
  };
}

/** Rows as one array a column. */
function columnsOf(rows: readonly MinuteRow[]): unknown[][] {
  return [
    rows.map(row => row.minute),
    rows.map(row => row.wiki),
    rows.map(row => row.isBot),
    rows.map(row => row.edits),
    rows.map(row => row.bytesChange),
  ];
}

/** Makes these minutes of these wikis be as `rows` says; one row: `changed`. */
export function fillRows(
  minutes: readonly number[],
  wikis: readonly string[],
  rows: readonly MinuteRow[],
): QueryConfig {
  return {
    name: 'fill-rows',
    text: `
      with wanted as (
        select to_timestamp(minute) as ts_minute, wiki, is_bot, edits,
               least(greatest(bytes_change, -2147483648), 2147483647)::integer as bytes_change
        from unnest($3::float8[], $4::text[], $5::boolean[], $6::integer[], $7::bigint[])
          as counted (minute, wiki, is_bot, edits, bytes_change)
      ), gone as (
        delete from gold.edits_per_min old
        where old.ts_minute in (select to_timestamp(unnest($1::float8[]))) and old.wiki = any($2)
          and not exists (
            select from wanted
            where wanted.ts_minute = old.ts_minute and wanted.wiki = old.wiki and wanted.is_bot = old.is_bot
          )
        returning 1
      ), put as (
        insert into gold.edits_per_min as old (ts_minute, wiki, is_bot, edits, bytes_change)
        select ts_minute, wiki, is_bot, edits, bytes_change from wanted
        order by ts_minute, wiki collate "C", is_bot
        on conflict (ts_minute, wiki, is_bot) do update
          set edits = excluded.edits, bytes_change = excluded.bytes_change
          where (old.edits, old.bytes_change) is distinct from (excluded.edits, excluded.bytes_change)
        returning 1
      )
      select ((select count(*) from gone) + (select count(*) from put))::integer as changed`,
    values: [minutes, wikis, ...columnsOf(rows)],
  };
}

/** Keeps what the rebuild found; one row: `gaps`, those that reach into the hour. */
export function writeAudit(
  { hour, keys, counts, isSealed, covered }: RebuiltHour,
  changedRows: number,
): QueryConfig {
  const from = startOf(hour) / 1000;
  const [coveredFrom, coveredTo] = covered ?? [];
  const seconds = (ms: number | undefined): number | null => (ms === undefined ? null : ms / 1000);
  return {
    name: 'write-audit',
    text: `
      insert into gold.hours as audit (
        hour, sealed, parts, events, edits, distinct_edits, duplicates, late, unusable, changed_rows,
        covered_from, covered_to, gaps
      )
      select to_timestamp($1), $2::boolean, $3::integer, $4::bigint, $5::bigint, $6::bigint, $5::bigint - $6::bigint,
             $7::bigint, $8::bigint, $9::integer, to_timestamp($10), to_timestamp($11), count(*)
      from gold.gaps where from_at < to_timestamp($12) and to_at > to_timestamp($1)
      on conflict (hour) do update set
        sealed = audit.sealed or excluded.sealed, parts = excluded.parts, events = excluded.events,
        edits = excluded.edits, distinct_edits = excluded.distinct_edits, duplicates = excluded.duplicates,
        late = excluded.late, unusable = excluded.unusable, changed_rows = excluded.changed_rows,
        covered_from = excluded.covered_from, covered_to = excluded.covered_to, gaps = excluded.gaps,
        rebuilt_at = now()
      returning gaps`,
    values: [
      from,
      isSealed,
      keys.length,
      counts.events,
      counts.edits,
      counts.distinct,
      counts.late,
      counts.unusable,
      changedRows,
      seconds(coveredFrom),
      seconds(coveredTo),
      from + HOUR_MS / 1000,
    ],
  };
}

/** Those of `hours` without a seal: rows of `hour`, as they were given. */
export function unsealedHours(hours: readonly Hour[]): QueryConfig {
  return {
    name: 'unsealed-hours',
    text: `
      select given.hour from unnest($1::text[], $2::float8[]) as given (hour, second)
      where not exists (select from gold.hours audit where audit.hour = to_timestamp(given.second) and audit.sealed)`,
    values: [hours, hours.map(hour => startOf(hour) / 1000)],
  };
}

function startOf(hour: Hour): number {
  const startMs = hourStartMs(hour);
  if (startMs === undefined) throw new Error(`${hour} is no hour`);
  return startMs;
}
