/** What the API reads from `gold.edits_per_min`. */
import type { QueryConfig } from 'pg';

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
