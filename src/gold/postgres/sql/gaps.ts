/** `gold.gaps`: what is missing from the stream. */
import type { QueryConfig } from 'pg';
import type { Gap } from '../../../core/gaps.ts';
import type { Hour } from '../../../core/time.ts';
import { hourSeconds } from '../../hour-seconds.ts';
import { isoMs } from '../../../core/time.ts';
import { epochMs } from './epoch.ts';

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

/**
 * SQL: the end of the handover from an older project in epoch seconds: rows of earlier minutes are that project's.
 * `-infinity` when there was none.
 */
export const handoverEnd = `(
          select coalesce(max(extract(epoch from to_at)::float8), '-infinity') from gold.gaps where cause = 'handover'
        )`;

/**
 * One row of `before`, epoch seconds or null: the end of the handover, or of what the last rebuild of the hour kept or
 * recounted, whichever is later.
 */
export function readHandover(hour: Hour): QueryConfig {
  return {
    name: 'read-handover',
    text: `
      select ceil(extract(epoch from greatest(
        (select max(to_at) from gold.gaps where cause = 'handover'),
        (select kept_before from gold.hours where hour = to_timestamp($1))
      )))::bigint as before`,
    values: [hourSeconds(hour)[0]],
  };
}

/** Gaps that end after an epoch second, by start: rows as `GapRow`. */
export function gapsSince(fromMinute: number): QueryConfig {
  return {
    name: 'gaps-since',
    text: `
      select id, cause, topic, ${epochMs('from_at')} as from_ms, ${epochMs('to_at')} as to_ms, missing from gold.gaps
      where to_at > to_timestamp($1) order by from_at, id collate "C"`,
    values: [fromMinute],
  };
}

export interface GapRow {
  readonly id: string;
  readonly cause: Gap['cause'];
  readonly topic: string | null;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly missing: number | null;
}

export function gapOf({ id, cause, topic, from_ms, to_ms, missing }: GapRow): Gap {
  return {
    id,
    cause,
    ...(topic !== null && { topic }),
    from: isoMs(from_ms),
    to: isoMs(to_ms),
    ...(missing !== null && { missing }),
  };
}

/** Messages known to be missing by offset, in gaps that overlap [from, to), epoch ms: rows of `topic`, `missing`. */
export function missingOffsets(fromMs: number, toMs: number): QueryConfig {
  return {
    name: 'missing-offsets',
    text: `
      select topic, sum(missing)::bigint as missing from gold.gaps
      where cause = 'offsets' and missing is not null
        and from_at < to_timestamp($2) and to_at >= to_timestamp($1)
      group by topic`,
    values: [fromMs / 1000, toMs / 1000],
  };
}
