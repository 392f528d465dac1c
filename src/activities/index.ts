/**
 * The activities that workers register, with their dependencies bound, one object per task queue. An activity is a thin
 * wrapper that knows Temporal (context, heartbeat, cancellation, failures) around an engine that does not. Workflows
 * import only the type.
 */
import { fetchApiPage } from '../backfill/api-page.ts';
import type { ApiPageDeps, ApiPageInput } from '../backfill/api-page.ts';
import { fetchDumpFile } from '../backfill/dump-file.ts';
import type { DumpFileDeps, DumpFileInput } from '../backfill/dump-file.ts';
import type { PlanDeps } from '../backfill/plan.ts';
import { fetchStreamWindow } from '../backfill/stream-window.ts';
import type { StreamWindowDeps, StreamWindowInput } from '../backfill/stream-window.ts';
import type { PlanInput } from '../contracts/temporal/backfill-steps.ts';
import type { StreamPartsInput } from '../contracts/temporal/ingest.ts';
import type {
  ListHoursInput,
  RebuildHourInput,
  TransformPartInput,
} from '../contracts/temporal/transform.ts';
import type { BackfillSource } from '../core/backfill.ts';
import type { GoldStore } from '../gold/gold-store.ts';
import { recordCoverage } from '../gold/record-coverage.ts';
import type { RecordCoverageInput } from '../gold/record-coverage.ts';
import { recordGaps, restoreGaps } from '../gold/record-gaps.ts';
import type { RecordGapsInput } from '../gold/record-gaps.ts';
import type { IngestDeps } from '../ingest/run.ts';
import type { ApplyDeps } from '../transform/apply-part.ts';
import type { RebuildDeps } from '../transform/rebuild-hour.ts';
import { compactDay, listStaleDays } from './compact.ts';
import { withHeartbeat } from './heartbeat.ts';
import { listHours } from './list-hours.ts';
import { planBackfill } from './plan-backfill.ts';
import { prepareGold } from './prepare-gold.ts';
import { rebuildHour } from './rebuild-hour.ts';
import { streamParts } from './stream-parts.ts';
import { transformPart } from './transform-part.ts';

export type TransformDeps = ApplyDeps & RebuildDeps & { readonly gold: GoldStore };
export type BackfillDeps = StreamWindowDeps & ApiPageDeps & DumpFileDeps & PlanDeps;

/** For the queue of the stream. */
export function createIngestActivities(deps: IngestDeps) {
  return {
    streamParts: (input: StreamPartsInput) => streamParts(input, deps),
  };
}

/** For the queue of the parts. */
export function createTransformActivities(deps: TransformDeps) {
  return {
    transformPart: (input: TransformPartInput) => transformPart(input, deps),
    rebuildHour: (input: RebuildHourInput) => rebuildHour(input, deps),
    listHours: (input: ListHoursInput) => listHours(input, deps),
    prepareGold: () => prepareGold(deps),
    recordGaps: (input: RecordGapsInput) => withHeartbeat(() => recordGaps(input, deps)),
    restoreGaps: () => withHeartbeat(note => restoreGaps(deps, note)),
    recordCoverage: (input: RecordCoverageInput) => withHeartbeat(() => recordCoverage(input, deps)),
    listStaleDays: () => listStaleDays(deps),
    compactDay: (input: { readonly day: string }) => compactDay(input, deps),
  };
}

/** For the queues of a backfill's sources: one object per queue. */
export function createBackfillActivities(deps: BackfillDeps) {
  return {
    stream: {
      fetchStreamWindow: (input: StreamWindowInput) =>
        withHeartbeat(note => fetchStreamWindow(input, deps, note)),
    },
    api: {
      planBackfill: (input: PlanInput) => withHeartbeat(() => planBackfill(input, deps)),
      fetchApiPage: (input: ApiPageInput) => withHeartbeat(() => fetchApiPage(input, deps)),
    },
    dump: {
      fetchDumpFile: (input: DumpFileInput) => withHeartbeat(note => fetchDumpFile(input, deps, note)),
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
