/** Inputs of the activities that record gaps and coverage in gold. Field names are serialised in histories. */
import type { Coverage } from '../../core/backfill.ts';
import type { Gap } from '../../core/gaps.ts';

export interface RecordGapsInput {
  readonly gaps: readonly Gap[];
}

export interface RecordCoverageInput {
  readonly covered: readonly Omit<Coverage, 'id'>[];
}
