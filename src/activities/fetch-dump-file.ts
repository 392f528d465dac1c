/** One file of a wiki's history dumps. Nothing of an attempt is kept: the next one reads the file from its start. */
import { storeDumpFile } from '../backfill/dump-file.ts';
import type { DumpFileDeps } from '../backfill/dump-file.ts';
import type { DumpFileInput, StepResult } from '../contracts/temporal/backfill.ts';
import { runEngine } from './run-engine.ts';

/** @throws ApplicationFailure `DumpMissing`, `DumpUnreadable`, `SourceRefused`, `SourceUnreachable` */
export async function fetchDumpFile(input: DumpFileInput, deps: DumpFileDeps): Promise<StepResult> {
  return runEngine(run => storeDumpFile(input, deps, run));
}
