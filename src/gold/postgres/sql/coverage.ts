/** Statements about what backfills have brought. */
import type { QueryConfig } from 'pg';
import type { BackfillSource, Coverage } from '../../../core/backfill.ts';

/** Records a stretch once, by its id. */
export function recordCoverage({ id, source, wikis, from, to }: Coverage): QueryConfig {
  return {
    name: 'record-coverage',
    text: `
      insert into gold.coverage (id, source, wikis, from_at, to_at) values ($1, $2, $3, $4, $5)
      on conflict (id) do nothing`,
    values: [id, source, wikis ?? null, from, to],
  };
}

/** Stretches that reach into the time from an epoch second on: rows as `CoverageRow`. */
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
