/** `gold.coverage`: the ranges that backfills have filled. */
import type { QueryConfig } from 'pg';
import type { BackfillSource, Coverage } from '../../../core/backfill.ts';

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
      select id, source, wikis, from_at, to_at from gold.coverage
      where to_at > to_timestamp($1) order by from_at, id collate "C"`,
    values: [fromMinute],
  };
}

export interface CoverageRow {
  readonly id: string;
  readonly source: BackfillSource;
  readonly wikis: readonly string[] | null;
  readonly from_at: Date;
  readonly to_at: Date;
}

export function coverageOf({ id, source, wikis, from_at, to_at }: CoverageRow): Coverage {
  return {
    id,
    source,
    ...(wikis !== null && { wikis }),
    from: from_at.toISOString(),
    to: to_at.toISOString(),
  };
}
