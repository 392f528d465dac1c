/** ⑤⑥ Replaces an hour's rows in gold with those counted from bronze. Idempotent. */
import type { HourAudit, RebuildHourInput, RebuildProgress } from '../contracts/temporal/transform.ts';
import { isoMs } from '../core/time.ts';
import { rebuildHour as rebuild } from '../transform/rebuild-hour.ts';
import type { RebuildDeps } from '../transform/rebuild-hour.ts';
import { runEngine } from './run-engine.ts';

export function rebuildHour(input: RebuildHourInput, deps: RebuildDeps): Promise<HourAudit> {
  return runEngine(({ signal, note }) => {
    const onProgress = (progress: RebuildProgress): void => note({ ...progress, since: isoMs(Date.now()) });
    onProgress({ read: 0, of: 0 });
    return rebuild(input, deps, { signal, onProgress });
  });
}
