/** Statements that read all that gold has of an hour; together in one repeatable-read transaction. */
import type { QueryConfig } from 'pg';
import { hourPrefix } from '../../../contracts/storage/object-keys.ts';
import { HOUR_MS } from '../../../core/time.ts';
import type { Hour } from '../../../core/time.ts';
import { hourNumber } from './hours.ts';

/** Rows of the hour in the order of the primary key: rows as `MinuteRow`. */
export function hourRows(hour: Hour): QueryConfig {
  const from = startOf(hour);
  return {
    name: 'hour-rows',
    text: `
      select extract(epoch from ts_minute)::float8 as minute, wiki, is_bot as "isBot", edits,
             bytes_change as "bytesChange"
      from gold.edits_per_min
      where ts_minute >= to_timestamp($1) and ts_minute < to_timestamp($2)
      order by ts_minute, wiki collate "C", is_bot`,
    values: [from, from + HOUR_MS / 1000],
  };
}

/** Applied parts of the hour: rows of `key`, and `isAfter`: applied after the hour's last rebuild had begun. */
export function hourLedger(hour: Hour): QueryConfig {
  const prefix = hourPrefix(hour);
  return {
    name: 'hour-ledger',
    text: `
      select done.s3_key as key, coalesce(done.processed_at > audit.rebuilt_at, false) as "isAfter"
      from gold.processed_keys done
      left join gold.hours audit on audit.hour = to_timestamp($3)
      where done.s3_key collate "C" >= $1 and done.s3_key collate "C" < $2
      order by done.s3_key collate "C"`,
    values: [prefix, `${prefix}\u{10FFFF}`, startOf(hour)],
  };
}

/** What the hour's last rebuild noted: at most one row, as `SnapshotAudit`. */
export function hourAudit(hour: Hour): QueryConfig {
  return {
    name: 'hour-audit',
    text: `
      select sealed as "isSealed", parts, events::float8 as events, edits::float8 as edits,
             distinct_edits::float8 as "distinct", duplicates::float8 as duplicates,
             unusable::float8 as unusable, extract(epoch from rebuilt_at)::float8 * 1000 as "rebuiltAtMs"
      from gold.hours where hour = to_timestamp($1)`,
    values: [startOf(hour)],
  };
}

/** Messages that are known to be missing by their offsets, of gaps that reach into [from, to), epoch ms. */
export function missingOffsets(fromMs: number, toMs: number): QueryConfig {
  return {
    name: 'missing-offsets',
    text: `
      select topic, sum(missing)::float8 as missing from gold.gaps
      where cause = 'offsets' and missing is not null
        and from_at < to_timestamp($2) and to_at >= to_timestamp($1)
      group by topic`,
    values: [fromMs / 1000, toMs / 1000],
  };
}

function startOf(hour: Hour): number {
  return (hourNumber(hour) * HOUR_MS) / 1000;
}
