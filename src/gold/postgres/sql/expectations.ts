/** `gold.expectations`: how sealed hours compare with what is usual. */
import type { QueryConfig } from 'pg';
import type { HourExpectation } from '../../../contracts/storage/hour-expectation.ts';
import { hourSeconds } from '../../hour-seconds.ts';

/** Records some, each hour once: what is said later replaces what was said before. */
export function recordExpectations(expectations: readonly HourExpectation[]): QueryConfig {
  const rows = expectations.map(expectation => ({ from: hourSeconds(expectation.hour)[0], expectation }));
  return {
    name: 'record-expectations',
    text: `
      insert into gold.expectations (hour, judged_at, expectation)
      select to_timestamp((r->>'from')::float8), to_timestamp((r->'expectation'->>'judgedAt')::float8), r->'expectation'
      from jsonb_array_elements($1::jsonb) r order by 1
      on conflict (hour) do update set judged_at = excluded.judged_at, expectation = excluded.expectation
      where gold.expectations.judged_at <= excluded.judged_at`,
    values: [JSON.stringify(rows)],
  };
}

/** Those of hours that begin in [from, to), epoch seconds, ascending: rows as `ExpectationRow`. */
export function expectationsIn(from: number, to: number): QueryConfig {
  return {
    name: 'expectations-in',
    text: `
      select expectation from gold.expectations
      where hour >= to_timestamp($1) and hour < to_timestamp($2) order by hour`,
    values: [from, to],
  };
}

export interface ExpectationRow {
  readonly expectation: unknown;
}
