/** `gold.anomalies`: when wikis had many more edits than usual. */
import type { QueryConfig } from 'pg';
import type { RecordedAnomaly } from '../../../contracts/storage/recorded-anomaly.ts';
import { MOST_ANOMALY_SECONDS } from '../../anomalies.ts';
import type { AnomalyRange } from '../../anomalies.ts';

/** Records some, each id once: what the latest look says of one replaces what an earlier one did. */
export function recordAnomalies(anomalies: readonly RecordedAnomaly[]): QueryConfig {
  return {
    name: 'record-anomalies',
    text: `
      insert into gold.anomalies (id, wiki, account, from_at, to_at, looked_at, anomaly)
      select a->>'id', a->>'wiki', a->>'account', to_timestamp((a->>'from')::float8),
        to_timestamp((a->>'to')::float8), to_timestamp((a->>'lookedAt')::float8), a
      from jsonb_array_elements($1::jsonb) a order by a->>'id'
      on conflict (id) do update set to_at = excluded.to_at, looked_at = excluded.looked_at, anomaly = excluded.anomaly
      where gold.anomalies.looked_at <= excluded.looked_at`,
    values: [JSON.stringify(anomalies)],
  };
}

/** Those that touch a range, by start: rows as `AnomalyRow`. */
export function anomaliesIn({ from, to, wiki }: AnomalyRange): QueryConfig {
  return {
    name: 'anomalies-in',
    text: `
      select anomaly from gold.anomalies
      where from_at >= to_timestamp($1) and from_at < to_timestamp($3)
        and (to_at is null or to_at > to_timestamp($2)) and ($4::text is null or wiki = $4)
      order by from_at, id collate "C"`,
    values: [from - MOST_ANOMALY_SECONDS, from, to, wiki ?? null],
  };
}

export interface AnomalyRow {
  readonly anomaly: unknown;
}
