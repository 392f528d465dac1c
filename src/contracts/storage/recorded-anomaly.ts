/** What gold keeps of an anomaly: what the detector says of it, and why it happened. Field names are serialised. */
import { isObject } from '../../core/json.ts';
import { ACCOUNT_KINDS } from '../../core/usual/anomaly.ts';
import type { Anomaly } from '../../core/usual/anomaly.ts';
import type { Cause } from '../explanation.ts';

export interface RecordedAnomaly extends Anomaly {
  /** When it was looked at, epoch seconds: what a later look says replaces it. */
  readonly lookedAt: number;
  /** Absent while bronze could not be read. */
  readonly reason?: AnomalyReason;
}

/** Kept because bronze expires. No account is named. */
export interface AnomalyReason {
  readonly kind: Cause['kind'];
  readonly sentence: string;
}

const NUMBERS = ['from', 'noticedAt', 'countedTo', 'lookedAt', 'edits', 'expected'] as const;
const OF_PEAK = ['from', 'to', 'edits', 'expected'] as const;

export function isRecordedAnomaly(value: unknown): value is RecordedAnomaly {
  if (!isObject(value)) return false;
  const { id, wiki, account, to, peak, reason } = value;
  return (
    typeof id === 'string' &&
    typeof wiki === 'string' &&
    ACCOUNT_KINDS.some(kind => kind === account) &&
    (to === null || Number.isFinite(to)) &&
    NUMBERS.every(name => Number.isFinite(value[name])) &&
    isObject(peak) &&
    OF_PEAK.every(name => Number.isFinite(peak[name])) &&
    (reason === undefined ||
      (isObject(reason) && typeof reason['kind'] === 'string' && typeof reason['sentence'] === 'string'))
  );
}
