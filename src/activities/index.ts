/** The activities that workers register, with what they need bound in. Workflows see the type only. */
import { streamParts } from './ingest.ts';
import type { IngestDeps, StreamPartsInput, StreamPartsResult } from './ingest.ts';
import { listParts } from './list-parts.ts';
import type { ListPartsInput, ListPartsResult } from './list-parts.ts';
import { transformPart } from './transform.ts';
import type { TransformDeps, TransformPartInput, TransformPartResult } from './transform.ts';

export interface Activities {
  streamParts(input: StreamPartsInput): Promise<StreamPartsResult>;
  transformPart(input: TransformPartInput): Promise<TransformPartResult>;
  listParts(input: ListPartsInput): Promise<ListPartsResult>;
}

/** For the queue of the stream. */
export function createIngestActivities(deps: IngestDeps): Pick<Activities, 'streamParts'> {
  return { streamParts: input => streamParts(input, deps) };
}

/** For the queue of the parts. */
export function createTransformActivities(
  deps: TransformDeps,
): Pick<Activities, 'transformPart' | 'listParts'> {
  return {
    transformPart: input => transformPart(input, deps),
    listParts: input => listParts(input, deps),
  };
}
