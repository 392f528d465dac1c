/** Copies gaps and coverage from bronze to gold. */
import { restoreGaps as restore } from '../gold/record-gaps.ts';
import type { RestoreDeps } from '../gold/record-gaps.ts';
import { runEngine } from './run-engine.ts';

/** Returns the number of gaps. */
export function restoreGaps(deps: RestoreDeps): Promise<number> {
  return runEngine(host => restore(deps, host));
}
