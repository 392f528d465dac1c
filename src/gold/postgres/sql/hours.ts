/** Reads and replaces the rows of an hour. */
import type { QueryConfig } from 'pg';
import type { MinuteRow } from '../../../core/minute-counts.ts';
import type { Hour } from '../../../core/time.ts';
import type { FillPlan } from '../../fill-plan.ts';
import type { LoadedRows, RebuildPlan } from '../../older-rows.ts';
import { hourSeconds } from '../../hour-seconds.ts';
import { clampedBytes, rowArrays, unnestRows } from './row-arrays.ts';

/** Rows of the hour in the order of the primary key, as `MinuteRow`. */
export function hourRows(hour: Hour): QueryConfig {
  return {
    name: 'hour-rows',
    text: `
      select extract(epoch from ts_minute)::bigint as minute, wiki, is_bot as "isBot", edits,
             bytes_change as "bytesChange"
      from gold.edits_per_min
      where ts_minute >= to_timestamp($1) and ts_minute < to_timestamp($2)
      order by ts_minute, wiki collate "C", is_bot`,
    values: [...hourSeconds(hour)],
  };
}

/** What the rows of the hour add up to: one row of `rows`, `edits`, `bytesChange`. */
export function hourSums(hour: Hour): QueryConfig {
  return {
    name: 'hour-sums',
    text: `
      select count(*)::bigint as rows, coalesce(sum(edits), 0)::bigint as edits,
             coalesce(sum(bytes_change), 0)::bigint as "bytesChange"
      from gold.edits_per_min
      where ts_minute >= to_timestamp($1) and ts_minute < to_timestamp($2)`,
    values: [...hourSeconds(hour)],
  };
}

/** Replaces the hour's rows from an epoch second on. One row: `changed`. */
export function replaceRows(hour: Hour, { from, rows }: Pick<RebuildPlan, 'from' | 'rows'>): QueryConfig {
  const [, end] = hourSeconds(hour);
  const inHour = 'old.ts_minute >= to_timestamp($6) and old.ts_minute < to_timestamp($7)';
  return {
    name: 'replace-rows',
    text: replaceWhere(inHour),
    values: [...rowArrays(rows), from, end],
  };
}

/**
 * In how many rows, from an epoch second on, the hour together with some pending rows differs from the rows it is to have.
 * One row: `changed`.
 */
export function correctedRows(
  hour: Hour,
  { from, rows }: Pick<RebuildPlan, 'from' | 'rows'>,
  pending: readonly MinuteRow[],
): QueryConfig {
  const [, end] = hourSeconds(hour);
  return {
    name: 'corrected-rows',
    text: `
      with wanted as (
        select to_timestamp(minute) as ts_minute, wiki, is_bot, edits, ${clampedBytes('bytes_change')} as bytes_change
        from ${unnestRows}
      ), had as (
        select ts_minute, wiki, is_bot, sum(edits) as edits, ${clampedBytes('sum(bytes_change)')} as bytes_change
        from (
          select ts_minute, wiki, is_bot, edits, bytes_change::bigint from gold.edits_per_min
          where ts_minute >= to_timestamp($11) and ts_minute < to_timestamp($12)
          union all
          select to_timestamp(minute), wiki, is_bot, edits, bytes_change
          from unnest($6::float8[], $7::text[], $8::boolean[], $9::integer[], $10::bigint[])
            as pending (minute, wiki, is_bot, edits, bytes_change)
        ) as each
        group by ts_minute, wiki, is_bot
      )
      select count(*)::integer as changed
      from wanted full join had using (ts_minute, wiki, is_bot)
      where (wanted.edits, wanted.bytes_change) is distinct from (had.edits, had.bytes_change)`,
    values: [...rowArrays(rows), ...rowArrays(pending), from, end],
  };
}

/** Replaces the rows of some wikis in some minutes. One row: `changed`. */
export function replaceLoadedRows({ minutes, wikis, rows }: LoadedRows): QueryConfig {
  return replaceOpenRows({ openMinutes: minutes, wikis, replacing: rows });
}

/** Replaces the rows of the plan's wikis in its open minutes. One row: `changed`. */
export function replaceOpenRows({
  openMinutes,
  wikis,
  replacing,
}: Pick<FillPlan, 'openMinutes' | 'wikis' | 'replacing'>): QueryConfig {
  // A list alone would decompress every chunk of a compressed hypertable.
  const isInRange = 'old.ts_minute >= to_timestamp($8) and old.ts_minute <= to_timestamp($9)';
  const isOpen = `${isInRange} and old.ts_minute in (select to_timestamp(unnest($6::float8[]))) and old.wiki = any($7)`;
  return {
    name: 'fill-rows',
    text: replaceWhere(isOpen),
    values: [...rowArrays(replacing), openMinutes, wikis, Math.min(...openMinutes), Math.max(...openMinutes)],
  };
}

/**
 * Makes the rows that meet a condition on `old` be exactly the given ones. Leaves equal rows untouched: most rebuilds
 * find nothing to change. One row: `changed`, the number of rows added, changed or removed.
 */
function replaceWhere(condition: string): string {
  return `
      with wanted as (
        select to_timestamp(minute) as ts_minute, wiki, is_bot, edits, ${clampedBytes('bytes_change')} as bytes_change
        from ${unnestRows}
      ), removed as (
        delete from gold.edits_per_min old
        where ${condition}
          and not exists (
            select from wanted
            where wanted.ts_minute = old.ts_minute and wanted.wiki = old.wiki and wanted.is_bot = old.is_bot
          )
        returning 1
      ), written as (
        insert into gold.edits_per_min as old (ts_minute, wiki, is_bot, edits, bytes_change)
        select ts_minute, wiki, is_bot, edits, bytes_change from wanted
        order by ts_minute, wiki collate "C", is_bot
        on conflict (ts_minute, wiki, is_bot) do update
          set edits = excluded.edits, bytes_change = excluded.bytes_change
          where (old.edits, old.bytes_change) is distinct from (excluded.edits, excluded.bytes_change)
        returning 1
      )
      select ((select count(*) from removed) + (select count(*) from written))::integer as changed`;
}

/** Adds the plan's rows for minutes of a wiki that gold has nothing of. One row: `changed`. */
export function addMissingRows({ adding }: FillPlan): QueryConfig {
  return {
    name: 'add-lost-rows',
    text: `
      with written as (
        insert into gold.edits_per_min (ts_minute, wiki, is_bot, edits, bytes_change)
        select to_timestamp(minute), wiki, is_bot, edits, ${clampedBytes('bytes_change')}
        from ${unnestRows}
        where not exists (
          select from gold.edits_per_min old
          where old.ts_minute = to_timestamp(given.minute) and old.wiki = given.wiki
        )
        order by minute, wiki collate "C", is_bot
        on conflict do nothing
        returning 1
      )
      select count(*)::integer as changed from written`,
    values: rowArrays(adding),
  };
}
