/** ⑤⑥ Replaces an hour's rows in gold with those counted from bronze. Idempotent. */
import type { HourAudit, RebuildHourInput } from '../contracts/temporal/transform.ts';
import { rebuildHour as rebuild } from '../transform/rebuild-hour.ts';
import type { RebuildDeps } from '../transform/rebuild-hour.ts';
import { runEngine } from './run-engine.ts';

export function rebuildHour(input: RebuildHourInput, deps: RebuildDeps): Promise<HourAudit> {
  return runEngine(({ signal, note }) => rebuild(input, deps, { signal, onProgress: note }));
}
