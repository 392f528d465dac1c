/** The activities that workers register, with what they need bound in. Workflows see the type only. */
import { withHeartbeat } from './heartbeat.ts';
import { streamParts } from './ingest.ts';
import type { IngestDeps, StreamPartsInput, StreamPartsResult } from './ingest.ts';
import { listHours, prepareGold, rebuildHour } from './rebuild.ts';
import type { HourAudit, ListHoursInput, RebuildDeps, RebuildHourInput } from './rebuild.ts';
import { recordGaps, restoreGaps } from './record-gaps.ts';
import type { RecordGapsInput } from './record-gaps.ts';
import { transformPart } from './transform.ts';
import type { TransformDeps, TransformPartInput, TransformPartResult } from './transform.ts';

export interface Activities {
  streamParts(input: StreamPartsInput): Promise<StreamPartsResult>;
  transformPart(input: TransformPartInput): Promise<TransformPartResult>;
  rebuildHour(input: RebuildHourInput): Promise<HourAudit>;
  listHours(input: ListHoursInput): Promise<{ hours: string[] }>;
  prepareGold(): Promise<void>;
  recordGaps(input: RecordGapsInput): Promise<void>;
  restoreGaps(): Promise<number>;
}

/** For the queue of the stream. */
export function createIngestActivities(deps: IngestDeps): Pick<Activities, 'streamParts'> {
  return { streamParts: input => streamParts(input, deps) };
}

/** For the queue of the parts. */
export function createTransformActivities(
  deps: TransformDeps & RebuildDeps,
): Omit<Activities, 'streamParts'> {
  return {
    transformPart: input => withHeartbeat(() => transformPart(input, deps)),
    rebuildHour: input => withHeartbeat(note => rebuildHour(input, deps, note)),
    listHours: input => withHeartbeat(() => listHours(input, deps)),
    prepareGold: () => withHeartbeat(() => prepareGold(deps.gold)),
    recordGaps: input => withHeartbeat(() => recordGaps(input, deps)),
    restoreGaps: () => withHeartbeat(note => restoreGaps(deps, note)),
  };
}
