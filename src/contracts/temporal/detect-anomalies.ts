import type { Hour } from '../../core/time.ts';

/** Result of the activity and the workflow `detectAnomalies`. Field names are serialised. */
export interface DetectionResult extends DetectedAnomalies {
  /** Absent in results of earlier versions. */
  readonly judged?: JudgedHours;
}

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

/** Sealed hours that were compared with what is usual. */
export interface JudgedHours {
  readonly hours: number;
  /** Those of them in which some wiki, or all together, had far fewer edits. */
  readonly quiet: readonly QuietHour[];
}

export interface QuietHour {
  readonly hour: Hour;
  /** Whether all wikis together had far fewer edits. */
  readonly all: boolean;
  /** How many wikis had. */
  readonly wikis: number;
}
