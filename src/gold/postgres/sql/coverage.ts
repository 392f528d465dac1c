/** `gold.coverage`: the ranges that backfills have filled. */
import type { QueryConfig } from 'pg';
import type { BackfillSource, Coverage } from '../../../core/backfill.ts';
import { isoMs } from '../../../core/time.ts';
import { epochMs } from './epoch.ts';

/** Records a filled range once, by its id. */
export function recordCoverage({ id, source, wikis, from, to }: Coverage): QueryConfig {
  return {
    name: 'record-coverage',
    text: `
      insert into gold.coverage (id, source, wikis, from_at, to_at) values ($1, $2, $3, $4, $5)
      on conflict (id) do nothing`,
    values: [id, source, wikis ?? null, from, to],
  };
}

/** Filled ranges that end after an epoch second, by start: rows as `CoverageRow`. */
export function coverageSince(fromMinute: number): QueryConfig {
  return {
    name: 'coverage-since',
    text: `
      select id, source, wikis, ${epochMs('from_at')} as from_ms, ${epochMs('to_at')} as to_ms from gold.coverage
      where to_at > to_timestamp($1) order by from_at, id collate "C"`,
    values: [fromMinute],
  };
}

export interface CoverageRow {
  readonly id: string;
  readonly source: BackfillSource;
  readonly wikis: readonly string[] | null;
  readonly from_ms: number;
  readonly to_ms: number;
}

export function coverageOf({ id, source, wikis, from_ms, to_ms }: CoverageRow): Coverage {
  return {
    id,
    source,
    ...(wikis !== null && { wikis }),
    from: isoMs(from_ms),
    to: isoMs(to_ms),
  };
}
