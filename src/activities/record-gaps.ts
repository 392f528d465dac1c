/** Gaps of the stream into gold, where the API and the audit of hours find them. Idempotent by the gap's id. */
import type { Gap, GoldWriter } from '../storage/gold.ts';
import { toFailure } from './failure.ts';

export interface RecordGapsInput {
  readonly gaps: readonly Gap[];
}

/** Records each gap once. */
export async function recordGaps(
  { gaps }: RecordGapsInput,
  { gold }: { readonly gold: Pick<GoldWriter, 'recordGap'> },
): Promise<void> {
  try {
    for (const gap of gaps) await gold.recordGap(gap);
  } catch (error) {
    throw toFailure(error);
  }
}
