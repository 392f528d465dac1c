/** What the API reads from `gold.edits_per_min`. */
import type { QueryConfig } from 'pg';

/**
 * Every wiki with its latest minute, as `with` queries that end in `latest`. Walks from wiki to wiki through the index
 * (Postgres has no skip scan): a look-up per wiki instead of a scan of every row.
 */
const LATEST = `
      recursive wikis as (
        (select wiki from gold.edits_per_min order by wiki limit 1)
        union all
        select (select next.wiki from gold.edits_per_min next where next.wiki > wikis.wiki order by next.wiki limit 1)
        from wikis where wikis.wiki is not null
      ),
      latest as (
        select wikis.wiki, newest.ts_minute
        from wikis, lateral (
          select ts_minute from gold.edits_per_min minutes
          where minutes.wiki = wikis.wiki order by ts_minute desc limit 1
        ) newest
        where wikis.wiki is not null
      )`;

/** Wikis by their latest minute: rows of `wiki`. */
export function wikisByActivity(limit: number): QueryConfig {
  return {
    name: 'wikis-by-activity',
    text: `
      with ${LATEST}
      select wiki from latest order by ts_minute desc, wiki collate "C" limit $1`,
    values: [limit],
  };
}

/** Wikis by name, with their edits in [fromMinute, toMinute): rows of `WikiActivity`. */
export function wikiActivity(fromMinute: number, toMinute: number): QueryConfig {
  return {
    name: 'wiki-activity',
    text: `
      with ${LATEST},
      counted as (
        select wiki,
               sum(edits) filter (where not is_bot) as human,
               sum(edits) filter (where is_bot) as bot
        from gold.edits_per_min
        where ts_minute >= to_timestamp($1) and ts_minute < to_timestamp($2)
        group by wiki
      )
      select latest.wiki, coalesce(counted.human, 0)::bigint as human, coalesce(counted.bot, 0)::bigint as bot,
             extract(epoch from latest.ts_minute)::bigint as "lastMinute"
      from latest left join counted using (wiki)
      order by latest.wiki collate "C"`,
    values: [fromMinute, toMinute],
  };
}

/** Minutes of a wiki, starting at an epoch second: rows of `minute` (epoch seconds), `human`, `bot`. */
export function minuteEdits(wiki: string, fromMinute: number): QueryConfig {
  return {
    name: 'minute-edits',
    text: `
      select extract(epoch from ts_minute)::bigint as minute,
             coalesce(sum(edits) filter (where not is_bot), 0)::integer as human,
             coalesce(sum(edits) filter (where is_bot), 0)::integer as bot
      from gold.edits_per_min
      where wiki = $1 and ts_minute >= to_timestamp($2)
      group by ts_minute order by ts_minute`,
    values: [wiki, fromMinute],
  };
}

/** The newest minute: one row of `minute`, epoch seconds or null. Reads only the end of the primary key. */
export function newestMinute(): QueryConfig {
  return {
    name: 'newest-minute',
    text: 'select extract(epoch from max(ts_minute))::bigint as minute from gold.edits_per_min',
  };
}
