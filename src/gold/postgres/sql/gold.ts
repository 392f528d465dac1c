/** Gold's runtime statements: one a function, parameters only. */
import type { QueryConfig } from 'pg';
import { STREAM_NAME_PREFIX } from '../../../contracts/storage/object-keys.ts';
import type { GoldSource } from '../../../contracts/storage/gold-source.ts';
import type { AppliedPart } from '../../gold-store.ts';
import { LOCK_CLASS, hourNumber } from './hours.ts';

/**
 * Adds a part's rows and its key in one statement, which is one transaction and one round trip. A key that is there
 * already makes the first step yield nothing, and with it all others. Answers one row: `applied` 1 or 0.
 * Rows are taken in the order of the primary key: parts overlap in minutes, and one lock order cannot deadlock.
 * `unnest` measured 16 to 20 times the speed of row by row; COPY into a temporary table brings nothing more.
 * The hour's lock comes first, because everything else takes its row: a rebuild of the hour sees all of a part or
 * nothing.
 */
export function applyPart({ key, hour, rows, source }: AppliedPart): QueryConfig {
  return {
    name: 'apply-part',
    text: `
      with hour_lock as materialized (
        select pg_advisory_xact_lock_shared($9, $10)
      ), applied as (
        insert into gold.processed_keys (s3_key) select $1 from hour_lock
        on conflict (s3_key) do nothing
        returning s3_key
      ), known as (
        insert into gold.sources (url, simulated) select $2, $3 from applied
        on conflict (url) do nothing
      ), counted as (
        insert into gold.edits_per_min as gold (ts_minute, wiki, is_bot, edits, bytes_change)
        select to_timestamp(part.minute), part.wiki, part.is_bot, part.edits,
               least(greatest(part.bytes_change, -2147483648), 2147483647)
        from applied, unnest($4::float8[], $5::text[], $6::boolean[], $7::integer[], $8::bigint[])
          as part (minute, wiki, is_bot, edits, bytes_change)
        order by part.minute, part.wiki collate "C", part.is_bot
        on conflict (ts_minute, wiki, is_bot) do update set
          edits = gold.edits + excluded.edits,
          bytes_change = least(greatest(gold.bytes_change::bigint + excluded.bytes_change, -2147483648), 2147483647)
      )
      select count(*)::integer as applied from applied`,
    values: [
      key,
      source.url,
      source.simulated,
      rows.map(row => row.minute),
      rows.map(row => row.wiki),
      rows.map(row => row.isBot),
      rows.map(row => row.edits),
      rows.map(row => row.bytesChange),
      LOCK_CLASS,
      hourNumber(hour),
    ],
  };
}

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

/** The last key of a part of the stream, by hour: one row of `s3_key`, or none. */
export function lastStreamKey(): QueryConfig {
  return {
    name: 'last-stream-key',
    text: `
      select s3_key from gold.processed_keys
      where s3_key like '%/' || $1 || '%' order by s3_key collate "C" desc limit 1`,
    values: [STREAM_NAME_PREFIX],
  };
}

/**
 * Wikis by their latest minute: rows of `wiki`. Walks from wiki to wiki through the index (Postgres has no skip
 * scan): a look-up per wiki instead of a scan of every row.
 */
export function wikisByActivity(limit: number): QueryConfig {
  return {
    name: 'wikis-by-activity',
    text: `
      with recursive wikis as (
        (select wiki from gold.edits_per_min order by wiki limit 1)
        union all
        select (select next.wiki from gold.edits_per_min next where next.wiki > wikis.wiki order by next.wiki limit 1)
        from wikis where wikis.wiki is not null
      )
      select wikis.wiki
      from wikis, lateral (
        select ts_minute from gold.edits_per_min minutes
        where minutes.wiki = wikis.wiki order by ts_minute desc limit 1
      ) latest
      where wikis.wiki is not null
      order by latest.ts_minute desc, wikis.wiki collate "C"
      limit $1`,
    values: [limit],
  };
}

/** Minutes of a wiki from an epoch second on: rows of `minute` (epoch seconds), `human`, `bot`. */
export function minuteEdits(wiki: string, fromMinute: number): QueryConfig {
  return {
    name: 'minute-edits',
    text: `
      select extract(epoch from ts_minute)::float8 as minute,
             coalesce(sum(edits) filter (where not is_bot), 0)::integer as human,
             coalesce(sum(edits) filter (where is_bot), 0)::integer as bot
      from gold.edits_per_min
      where wiki = $1 and ts_minute >= to_timestamp($2)
      group by ts_minute order by ts_minute`,
    values: [wiki, fromMinute],
  };
}

/** The newest minute: one row of `minute`, epoch seconds or null. Read from the end of the primary key. */
export function newestMinute(): QueryConfig {
  return {
    name: 'newest-minute',
    text: 'select extract(epoch from max(ts_minute))::float8 as minute from gold.edits_per_min',
  };
}

/** Notes a stream that brought rows. */
export function noteSource({ url, simulated }: GoldSource): QueryConfig {
  return {
    name: 'note-source',
    text: 'insert into gold.sources (url, simulated) values ($1, $2) on conflict (url) do nothing',
    values: [url, simulated],
  };
}

/** Streams that brought rows: rows of `url`, `simulated`. */
export function allSources(): QueryConfig {
  return { name: 'all-sources', text: 'select url, simulated from gold.sources order by url collate "C"' };
}
