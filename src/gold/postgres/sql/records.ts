/** `gold.records`: what the commit log says of how far the stream was read. */
import type { QueryConfig } from 'pg';
import type { StoredRead } from '../../../contracts/storage/stored-read.ts';
import type { ReadRecord } from '../../../core/coverage/read-ranges.ts';
import { epochMs } from './epoch.ts';

/** Records each once, by attempt and sequence. */
export function recordReads(reads: readonly StoredRead[]): QueryConfig {
  return {
    name: 'record-reads',
    text: `
      insert into gold.records (attempt, sequence, read_from, read_to, wikis, keys)
      select attempt, sequence, to_timestamp(from_ms / 1000), to_timestamp(to_ms / 1000), wikis, keys
      from json_to_recordset($1::json)
        as given (attempt text, sequence bigint, from_ms float8, to_ms float8, wikis text[], keys text[])
      on conflict (attempt, sequence) do nothing`,
    values: [
      JSON.stringify(
        reads.map(({ from, to, wikis = null, ...read }) => ({
          ...read,
          wikis,
          from_ms: Date.parse(from),
          to_ms: Date.parse(to),
        })),
      ),
    ],
  };
}

/** Records whose range ends after an epoch second and begins before another, by its end: rows as `ReadRow`. */
export function readsIn(fromMinute: number, toMinute?: number): QueryConfig {
  return {
    name: 'reads-in',
    text: `
      select sequence, wikis, ${epochMs('read_from')} as from_ms, ${epochMs('read_to')} as to_ms,
             not exists (
               select from unnest(keys) as part (s3_key)
               where not exists (select from gold.processed_keys done where done.s3_key = part.s3_key)
             ) as "isComplete"
      from gold.records
      where read_to > to_timestamp($1) and ($2::float8 is null or read_from < to_timestamp($2))
      order by read_to, sequence`,
    values: [fromMinute, toMinute ?? null],
  };
}

/** The record whose range ends last: at most one row of `attempt`, `sequence`. */
export function lastRead(): QueryConfig {
  return {
    name: 'last-read',
    text: 'select attempt, sequence from gold.records order by read_to desc, sequence desc limit 1',
  };
}

export interface ReadRow {
  readonly sequence: number;
  readonly wikis: readonly string[] | null;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly isComplete: boolean;
}

export function readRecordOf({ sequence, wikis, from_ms, to_ms, isComplete }: ReadRow): ReadRecord {
  return { sequence, fromMs: from_ms, toMs: to_ms, isComplete, ...(wikis !== null && { wikis }) };
}
