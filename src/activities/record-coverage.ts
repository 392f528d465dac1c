/** Records in bronze and gold what a backfill has filled. */
import type { RecordCoverageInput } from '../contracts/temporal/gold.ts';
import { recordCoverage as record } from '../gold/record-coverage.ts';
import type { CoverageDeps } from '../gold/record-coverage.ts';
import { runEngine } from './run-engine.ts';

export function recordCoverage({ covered }: RecordCoverageInput, deps: CoverageDeps): Promise<void> {
  return runEngine(({ signal }) => record(covered, deps, signal));
}
