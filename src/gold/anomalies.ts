/** Rules about recorded anomalies that both stores share. */
import type { RecordedAnomaly } from '../contracts/storage/recorded-anomaly.ts';
import { latestOfEach } from '../core/latest-of-each.ts';

/** The detector ends an anomaly after a day, so that one that lasts longer was left open when nobody looked any more. */
export const MOST_ANOMALY_SECONDS = 2 * 86_400;

/** Which anomalies are asked for: those that touch [from, to), epoch seconds. */
export interface AnomalyRange {
  readonly from: number;
  readonly to: number;
  /** Absent: of every wiki. */
  readonly wiki?: string | undefined;
}

export function isIn({ from, to, wiki }: AnomalyRange, anomaly: RecordedAnomaly): boolean {
  return (
    (wiki === undefined || anomaly.wiki === wiki) &&
    anomaly.from < to &&
    anomaly.from >= from - MOST_ANOMALY_SECONDS &&
    (anomaly.to === null || anomaly.to > from)
  );
}

/** What is known after a recording: what the latest look says of each, by start. */
export function merged(
  before: readonly RecordedAnomaly[],
  recorded: readonly RecordedAnomaly[],
): RecordedAnomaly[] {
  return latestOfEach(
    before,
    recorded,
    ({ id }) => id,
    ({ lookedAt }) => lookedAt,
  ).sort(byStart);
}

export function byStart(a: RecordedAnomaly, b: RecordedAnomaly): number {
  return a.from - b.from || (a.id < b.id ? -1 : 1);
}
