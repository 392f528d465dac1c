/** The activities that workers register, with what they need bound in. Workflows see the type only. */
import type { PlanDeps } from '../backfill/plan.ts';
import type { BackfillSource } from '../core/backfill.ts';
import type { CompactedDay, GoldStore } from '../gold/gold-store.ts';
import { fetchApiPage } from './fetch-api-page.ts';
import type { ApiPageDeps } from '../backfill/api-page.ts';
import { compactDay, listStaleDays } from './compact.ts';
import type {
  ApiPageInput,
  BackfillPlan,
  DumpFileInput,
  PlanInput,
  StepResult,
  StreamWindowInput,
} from '../contracts/temporal/backfill.ts';
import { fetchDumpFile } from './fetch-dump-file.ts';
import type { DumpFileDeps } from '../backfill/dump-file.ts';
import { withHeartbeat } from './heartbeat.ts';
import { streamParts } from '../ingest/run.ts';
import type { IngestDeps, StreamPartsInput, StreamPartsResult } from '../ingest/run.ts';
import { planBackfill } from './plan-backfill.ts';
import { listHours, prepareGold, rebuildHour } from '../transform/rebuild-hour.ts';
import type { HourAudit, ListHoursInput, RebuildDeps, RebuildHourInput } from '../transform/rebuild-hour.ts';
import { recordCoverage } from '../gold/record-coverage.ts';
import type { RecordCoverageInput } from '../gold/record-coverage.ts';
import { recordGaps, restoreGaps } from '../gold/record-gaps.ts';
import type { RecordGapsInput } from '../gold/record-gaps.ts';
import { fetchStreamWindow } from './fetch-stream-window.ts';
import type { StreamWindowDeps } from '../backfill/stream-window.ts';
import { transformPart } from '../transform/apply-part.ts';
import type { TransformDeps, TransformPartInput, TransformPartResult } from '../transform/apply-part.ts';

export interface Activities {
  streamParts(input: StreamPartsInput): Promise<StreamPartsResult>;
  transformPart(input: TransformPartInput): Promise<TransformPartResult>;
  rebuildHour(input: RebuildHourInput): Promise<HourAudit>;
  listHours(input: ListHoursInput): Promise<{ hours: string[] }>;
  prepareGold(): Promise<void>;
  recordGaps(input: RecordGapsInput): Promise<void>;
  restoreGaps(): Promise<number>;
  recordCoverage(input: RecordCoverageInput): Promise<void>;
  listStaleDays(): Promise<{ days: string[] }>;
  compactDay(input: { readonly day: string }): Promise<CompactedDay>;
  planBackfill(input: PlanInput): Promise<BackfillPlan>;
  fetchStreamWindow(input: StreamWindowInput): Promise<StepResult>;
  fetchApiPage(input: ApiPageInput): Promise<StepResult>;
  fetchDumpFile(input: DumpFileInput): Promise<StepResult>;
}

/** For the queue of the stream. */
export function createIngestActivities(deps: IngestDeps): Pick<Activities, 'streamParts'> {
  return { streamParts: input => streamParts(input, deps) };
}

/** For the queue of the parts. */
export function createTransformActivities(
  deps: TransformDeps & RebuildDeps & { readonly gold: Pick<GoldStore, 'days'> },
): Pick<
  Activities,
  | 'transformPart'
  | 'rebuildHour'
  | 'listHours'
  | 'prepareGold'
  | 'recordGaps'
  | 'restoreGaps'
  | 'recordCoverage'
  | 'listStaleDays'
  | 'compactDay'
> {
  return {
    transformPart: input => withHeartbeat(() => transformPart(input, deps)),
    rebuildHour: input => withHeartbeat(note => rebuildHour(input, deps, note)),
    listHours: input => withHeartbeat(() => listHours(input, deps)),
    prepareGold: () => withHeartbeat(() => prepareGold(deps.gold)),
    recordGaps: input => withHeartbeat(() => recordGaps(input, deps)),
    restoreGaps: () => withHeartbeat(note => restoreGaps(deps, note)),
    recordCoverage: input => withHeartbeat(() => recordCoverage(input, deps)),
    listStaleDays: () => withHeartbeat(() => listStaleDays(deps)),
    compactDay: input => withHeartbeat(() => compactDay(input, deps)),
  };
}

/** For the queues of the sources that backfills ask: one object a queue. */
export function createBackfillActivities(deps: StreamWindowDeps & ApiPageDeps & DumpFileDeps & PlanDeps) {
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
  } satisfies Record<BackfillSource, Partial<Activities>>;
}
