/** Everything that gold has of an hour but its rows, at one instant. */
import type { Correction, HourEvidence, RowsDigest } from '../contracts/storage/hour-evidence.ts';
import type { AuditedHour } from './gold-store.ts';
import type { LedgerEntry } from './snapshot.ts';

export interface HourRecord {
  readonly kind: 'read';
  /** Undefined until its first rebuild. */
  readonly audited: AuditedHour | undefined;
  /** Undefined too when an earlier version has rebuilt it. */
  readonly evidence: HourEvidence | undefined;
  /** The latest ones, oldest first. */
  readonly corrections: readonly Correction[];
  /** By key. */
  readonly ledger: readonly LedgerEntry[];
  /** What its rows add up to. */
  readonly sums: Omit<RowsDigest, 'sha256'>;
}

/** `unreadable`: gold has something of the hour, and it is damaged. */
export type HourReading = HourRecord | { readonly kind: 'unreadable' };

/** An hour of which gold has nothing. */
export const NO_RECORD: HourRecord = {
  kind: 'read',
  audited: undefined,
  evidence: undefined,
  corrections: [],
  ledger: [],
  sums: { rows: 0, edits: 0, bytesChange: 0 },
};
