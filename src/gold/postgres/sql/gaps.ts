/** Statements about gaps of the stream. */
import type { QueryConfig } from 'pg';
import type { Gap } from '../../../core/gaps.ts';

/** Records a gap once, by its id. */
export function recordGap({ id, cause, topic, from, to, missing }: Gap): QueryConfig {
  return {
    name: 'record-gap',
    text: `
      insert into gold.gaps (id, cause, topic, from_at, to_at, missing) values ($1, $2, $3, $4, $5, $6)
      on conflict (id) do nothing`,
    values: [id, cause, topic ?? null, from, to, missing ?? null],
  };
}

/** Gaps that reach into the time from an epoch second on: rows as `GapRow`. */
export function gapsSince(fromMinute: number): QueryConfig {
  return {
    name: 'gaps-since',
    text: `
      select id, cause, topic, from_at, to_at, missing::float8 as missing from gold.gaps
      where to_at > to_timestamp($1) order by from_at, id collate "C"`,
    values: [fromMinute],
  };
}

export interface GapRow {
  readonly id: string;
  readonly cause: Gap['cause'];
  readonly topic: string | null;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly missing: number | null;
}
