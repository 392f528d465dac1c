/** Result of the activity and the workflow `detectAnomalies`. Field names are serialised. */
export interface DetectedAnomalies {
  /** ISO 8601: up to where wikis were looked at; null when nothing is known beyond the last look. */
  readonly lookedAt: string | null;
  /** How many times five minutes were looked at. */
  readonly looks: number;
  readonly begun: number;
  readonly ended: number;
  /** Anomalies that last. */
  readonly lasting: number;
}
