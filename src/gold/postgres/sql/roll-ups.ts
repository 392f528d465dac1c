/**
 * Sums of the minutes of whole hours: `gold.rolled_wikis`, `gold.rolled_hours`, and the hours where these are out of date,
 * `gold.unrolled_hours`.
 *
 * Whoever replaces or fills an hour sums it up, under the exclusive lock. Who adds a part shares the lock with others and
 * cannot see their rows, so it only notes that the sums are out of date. A note is a new row and not a change of the old
 * one, because a part that waited for the lock sees the tables as they were before: it would miss the sums of the rebuild
 * that it waited for. An insert that meets a conflict looks at what is there now.
 */
import type { QueryConfig } from 'pg';
import type { HourTotals } from '../../../core/series.ts';
import type { Hour } from '../../../core/time.ts';
import { hourSeconds } from '../../hour-seconds.ts';

/** SQL: notes that the sums of an hour, an epoch second, are out of date. From a list that is empty if nothing was added. */
export function noteAdded(second: string, from: string): string {
  return `
        insert into gold.unrolled_hours (hour) select to_timestamp(${second}) from ${from}
        on conflict (hour) do nothing
        returning 1`;
}

/** Sums up the hour. Under its exclusive lock, after its rows and its audit are written. */
export function rollUpHour(hour: Hour): QueryConfig {
  return {
    name: 'roll-up-hour',
    text: `
      with cells as materialized (
        select wiki, (extract(epoch from ts_minute)::bigint / 60 % 60)::integer as nth,
               coalesce(sum(edits) filter (where not is_bot), 0) as human,
               coalesce(sum(edits) filter (where is_bot), 0) as bot,
               sum(bytes_change) as bytes_change
        from gold.edits_per_min
        where ts_minute >= to_timestamp($1) and ts_minute < to_timestamp($2)
        group by wiki, ts_minute
      ), wikis as materialized (
        select wiki, sum(human) as human, sum(bot) as bot, sum(bytes_change) as bytes_change,
               min(human + bot) as fewest, max(human + bot) as most, bit_or(1::bigint << nth) as minutes
        from cells group by wiki
      ), removed as (
        delete from gold.rolled_wikis old
        where old.hour = to_timestamp($1) and not exists (select from wikis where wikis.wiki = old.wiki)
      ), written as (
        insert into gold.rolled_wikis as old (hour, wiki, human, bot, bytes_change, fewest, most, minutes)
        select to_timestamp($1), wiki, human, bot, bytes_change, fewest, most, minutes from wikis
        on conflict (hour, wiki) do update set
          human = excluded.human, bot = excluded.bot, bytes_change = excluded.bytes_change,
          fewest = excluded.fewest, most = excluded.most, minutes = excluded.minutes
          where (old.human, old.bot, old.bytes_change, old.fewest, old.most, old.minutes) is distinct from
            (excluded.human, excluded.bot, excluded.bytes_change, excluded.fewest, excluded.most, excluded.minutes)
      ), settled as (
        delete from gold.unrolled_hours where hour = to_timestamp($1)
      ), together as (
        select nth, sum(human) as human, sum(bot) as bot, sum(bytes_change) as bytes_change from cells group by nth
      )
      insert into gold.rolled_hours (hour, human, bot, bytes_change, fewest, most, minutes, rebuilt_at)
      select to_timestamp($1), coalesce(sum(human), 0), coalesce(sum(bot), 0), coalesce(sum(bytes_change), 0),
             coalesce(min(human + bot), 0), coalesce(max(human + bot), 0), coalesce(bit_or(1::bigint << nth), 0),
             (select rebuilt_at from gold.hours where hour = to_timestamp($1))
      from together
      on conflict (hour) do update set
        human = excluded.human, bot = excluded.bot, bytes_change = excluded.bytes_change,
        fewest = excluded.fewest, most = excluded.most, minutes = excluded.minutes,
        rebuilt_at = excluded.rebuilt_at, rolled_at = now()`,
    values: [...hourSeconds(hour)],
  };
}

/** SQL: that the sums in `rolled` are those of the rows of their hour, whose audit, if there is one, is `audit`. */
const IS_CURRENT = `rolled.rebuilt_at is not distinct from audit.rebuilt_at
        and not exists (select from gold.unrolled_hours added where added.hour = rolled.hour)`;

/** SQL: columns of HourTotals. A wiki that an hour has no sums of had no edits in it. */
function totalsColumns(sums: string): string {
  const number = (column: string): string => `coalesce(${sums}.${column}, 0)`;
  const half = `(1::bigint << 30) - 1`;
  return `extract(epoch from rolled.hour)::bigint as hour, ${number('human')} as human, ${number('bot')} as bot,
             ${number('bytes_change')} as bytes, ${number('fewest')} as min, ${number('most')} as max,
             (${number('minutes')} & (${half}))::integer as early, (${number('minutes')} >> 30)::integer as late`;
}

/** The hours within [from, to), epoch seconds, whose sums are current; of a wiki, or of all together: rows of HourTotals. */
export function rolledHours(wiki: string | undefined, from: number, to: number): QueryConfig {
  const isOne = wiki !== undefined;
  // The range is said of both tables, so that one range of the index has the sums of the wiki.
  const ofWiki = `left join gold.rolled_wikis sums on sums.hour = rolled.hour and sums.wiki = $3
        and sums.hour >= to_timestamp($1) and sums.hour < to_timestamp($2)`;
  return {
    name: isOne ? 'rolled-hours' : 'rolled-hours-of-all',
    text: `
      select ${totalsColumns(isOne ? 'sums' : 'rolled')}
      from gold.rolled_hours rolled
      left join gold.hours audit on audit.hour = rolled.hour
      ${isOne ? ofWiki : ''}
      where rolled.hour >= to_timestamp($1) and rolled.hour <= to_timestamp($2) - interval '1 hour'
        and ${IS_CURRENT}
      order by rolled.hour`,
    values: [from, to, ...(isOne ? [wiki] : [])],
  };
}

/** Sums of one wiki, or with null of all together. */
export interface RolledRow extends HourTotals {
  readonly wiki: string | null;
}

/** What the hour is rolled up to, if that is current: rows as `RolledRow`. */
export function rollUpOfHour(hour: Hour): QueryConfig {
  return {
    name: 'roll-up-of-hour',
    text: `
      with rolled as materialized (
        select rolled.* from gold.rolled_hours rolled left join gold.hours audit on audit.hour = rolled.hour
        where rolled.hour = to_timestamp($1) and ${IS_CURRENT}
      )
      select null as wiki, ${totalsColumns('rolled')} from rolled
      union all
      select sums.wiki, ${totalsColumns('sums')} from rolled join gold.rolled_wikis sums on sums.hour = rolled.hour`,
    values: [hourSeconds(hour)[0]],
  };
}

/**
 * The latest hours whose sums are missing or out of date: rows of `second`, epoch seconds. Hours that were never rebuilt
 * are the live ones, or an older project's.
 * @param keptFrom rows of earlier minutes may have been dropped
 */
export function hoursToRollUp(keptFrom: number | undefined, limit: number): QueryConfig {
  return {
    name: 'hours-to-roll-up',
    text: `
      select extract(epoch from audit.hour)::bigint as second
      from gold.hours audit left join gold.rolled_hours rolled on rolled.hour = audit.hour
      where audit.hour >= to_timestamp($1) and (rolled.hour is not null and ${IS_CURRENT}) is not true
      order by audit.hour desc limit $2`,
    values: [keptFrom ?? Number.NEGATIVE_INFINITY, limit],
  };
}

/** Removes sums of rows that may have been dropped: some hours at a time. One row: `removed`. */
export function removeRolledBefore(keptFrom: number, limit: number): QueryConfig {
  return {
    name: 'remove-rolled',
    text: `
      with old as materialized (
        select hour from gold.rolled_hours where hour < to_timestamp($1) order by hour limit $2
      ), wikis as (
        delete from gold.rolled_wikis using old where rolled_wikis.hour = old.hour
      ), hours as (
        delete from gold.rolled_hours using old where rolled_hours.hour = old.hour returning 1
      )
      select count(*)::integer as removed from hours`,
    values: [keptFrom, limit],
  };
}
