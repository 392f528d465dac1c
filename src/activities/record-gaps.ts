/** Records gaps of the stream in gold. */
import type { RecordGapsInput } from '../contracts/temporal/gold.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { recordGaps as record } from '../gold/record-gaps.ts';
import { runEngine } from './run-engine.ts';

export function recordGaps(
  { gaps }: RecordGapsInput,
  { gold }: { readonly gold: Pick<GoldWriter, 'recordGap'> },
): Promise<void> {
  return runEngine(() => record(gaps, gold));
}
