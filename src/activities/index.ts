/**
 * The activities that workers register, with their dependencies bound, one object per task queue. An activity is a thin
 * wrapper that knows Temporal (context, heartbeat, cancellation, failures) around an engine that does not. Workflows
 * import only the type.
 */
import type { ApiPageDeps } from '../backfill/api-page.ts';
import type { DumpFileDeps } from '../backfill/dump-file.ts';
import type { StreamWindowDeps } from '../backfill/stream-window.ts';
import type {
  ApiPageInput,
  DumpFileInput,
  PlanInput,
  StreamWindowInput,
} from '../contracts/temporal/backfill.ts';
import type { RecordCoverageInput, RecordGapsInput } from '../contracts/temporal/gold.ts';
import type { StreamPartsInput } from '../contracts/temporal/ingest.ts';
import type {
  ListHoursInput,
  RebuildHourInput,
  TransformPartInput,
} from '../contracts/temporal/transform.ts';
import type { BackfillSource } from '../core/backfill.ts';
import type { GoldStore } from '../gold/gold-store.ts';
import type { IngestDeps } from '../ingest/run.ts';
import type { ApplyDeps } from '../transform/apply-part.ts';
import type { RebuildDeps } from '../transform/rebuild-hour.ts';
import { compactDay, listStaleDays } from './compact.ts';
import { detectAnomalies } from './detect-anomalies.ts';
import type { DetectorDeps } from './detect-anomalies.ts';
import { ensureIngest } from './ensure-ingest.ts';
import type { EnsureDeps } from './ensure-ingest.ts';
import { fetchApiPage } from './fetch-api-page.ts';
import { fetchDumpFile } from './fetch-dump-file.ts';
import { fetchStreamWindow } from './fetch-stream-window.ts';
import type { ObserveIngest } from './ingest-metrics.ts';
import { listHours } from './list-hours.ts';
import { planBackfill } from './plan-backfill.ts';
import type { PlanBackfillDeps } from './plan-backfill.ts';
import { prepareGold } from './prepare-gold.ts';
import { rebuildHour } from './rebuild-hour.ts';
import { recordCoverage } from './record-coverage.ts';
import { recordGaps } from './record-gaps.ts';
import { restoreGaps } from './restore-gaps.ts';
import { streamParts } from './stream-parts.ts';
import { transformPart } from './transform-part.ts';

export type TransformDeps = ApplyDeps &
  RebuildDeps &
  EnsureDeps &
  DetectorDeps & { readonly gold: GoldStore };
export type BackfillDeps = StreamWindowDeps & ApiPageDeps & DumpFileDeps & PlanBackfillDeps;

/** For the queue of the stream. */
export function createIngestActivities(deps: IngestDeps, observe?: ObserveIngest) {
  return {
    streamParts: (input: StreamPartsInput) => streamParts(input, deps, observe),
  };
}

/** For the queue of the parts. */
export function createTransformActivities(deps: TransformDeps) {
  return {
    transformPart: (input: TransformPartInput) => transformPart(input, deps),
    rebuildHour: (input: RebuildHourInput) => rebuildHour(input, deps),
    listHours: (input: ListHoursInput) => listHours(input, deps),
    prepareGold: () => prepareGold(deps),
    recordGaps: (input: RecordGapsInput) => recordGaps(input, deps),
    restoreGaps: () => restoreGaps(deps),
    recordCoverage: (input: RecordCoverageInput) => recordCoverage(input, deps),
    listStaleDays: () => listStaleDays(deps),
    compactDay: (input: { readonly day: string }) => compactDay(input, deps),
    ensureIngest: () => ensureIngest(deps),
    detectAnomalies: () => detectAnomalies(deps),
  };
}

/** For the queues of a backfill's sources: one object per queue. */
export function createBackfillActivities(deps: BackfillDeps) {
  return {
    stream: {
      fetchStreamWindow: (input: StreamWindowInput) => fetchStreamWindow(input, deps),
    },
    api: {
      planBackfill: (input: PlanInput) => planBackfill(input, deps),
      fetchApiPage: (input: ApiPageInput) => fetchApiPage(input, deps),
    },
    dump: {
      fetchDumpFile: (input: DumpFileInput) => fetchDumpFile(input, deps),
    },
  } satisfies Record<BackfillSource, object>;
}

type BackfillActivities = ReturnType<typeof createBackfillActivities>;

/** Every activity by the name it is registered under. */
export type Activities = ReturnType<typeof createIngestActivities> &
  ReturnType<typeof createTransformActivities> &
  BackfillActivities['stream'] &
  BackfillActivities['api'] &
  BackfillActivities['dump'];
