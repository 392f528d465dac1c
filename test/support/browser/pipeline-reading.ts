import type { Trouble } from '../../../src/contracts/temporal/trouble.ts';
import type { PipelineReading } from '../../../src/temporal/pipeline-reader.ts';

/** What Temporal says of an ingest that reads the stream. */
export function streaming(
  troubles: readonly Trouble[] = [],
): Extract<PipelineReading, { readonly kind: 'known' }> {
  return {
    kind: 'known',
    namespace: 'default',
    ingest: {
      workflowId: 'ingest-recentchange',
      runId: 'a run',
      status: 'running',
      stage: 'streaming',
      progress: {},
      heartbeat: {},
      attempt: 1,
      attemptStartedMs: 0,
      troubles,
      failure: undefined,
      failingHours: [],
    },
  };
}
