/** The activities that workers register, with what they need bound in. Workflows see the type only. */
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
    transformPart: input => transformPart(input, deps),
    rebuildHour: input => rebuildHour(input, deps),
    listHours: input => listHours(input, deps),
    prepareGold: () => prepareGold(deps.gold),
    recordGaps: input => recordGaps(input, deps),
    restoreGaps: () => restoreGaps(deps),
  };
}
