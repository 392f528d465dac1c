/** `GET /healthz`: whether gold responds, for load balancers. */
import { goldProblem } from '../gold-problem.ts';
import { LIVE } from '../plugins/not-modified.ts';
import type { ApiRoutes } from '../route-context.ts';
import { jsonResponse } from '../schemas/problem.ts';
import { Healthy, Unhealthy } from '../schemas/health.ts';

export const healthRoutes: ApiRoutes = (app, { gold }) => {
  const schema = {
    tags: ['service'],
    operationId: 'health',
    summary: 'Health of the service',
    response: {
      200: jsonResponse('Gold responds.', Healthy),
      500: jsonResponse('Gold does not respond.', Unhealthy),
    },
  };
  app.get('/healthz', { schema, config: LIVE }, async (request, reply) => {
    const problem = await goldProblem(gold);
    if (problem === undefined) return { ok: true } as const;
    const { error, cause } = problem;
    if (cause !== undefined) request.log.warn({ err: cause }, 'gold does not respond');
    return reply.code(500).send({ ok: false, error });
  });
};
