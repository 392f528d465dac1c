/** ⑦ `GET /api/v1/pipeline`: lag, rate, stage and trouble of ingest, and running backfills. It asks Temporal, never gold. */
import { pipelineAnswer } from '../pipeline-answer.ts';
import { LIVE } from '../plugins/not-modified.ts';
import type { ApiRoutes } from '../route-context.ts';
import { Pipeline } from '../schemas/pipeline.ts';
import { jsonResponse } from '../schemas/problem.ts';

export const pipelineRoutes: ApiRoutes = (app, { pipeline, ingestId, now, temporalUiUrl }) => {
  const schema = {
    tags: ['service'],
    operationId: 'pipeline',
    summary: 'How ingest and running backfills are doing',
    response: { 200: jsonResponse('How ingest is doing. Unknown fields are absent.', Pipeline) },
  };
  app.get('/api/v1/pipeline', { schema, config: LIVE }, async () =>
    pipelineAnswer(await pipeline(), now(), ingestId, temporalUiUrl),
  );
};
