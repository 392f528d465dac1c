/** `GET /healthz`: whether gold answers, for load balancers. Says which kind of failure, never the driver's words. */
import type { ApiRoutes } from '../routes.ts';
import { Healthy, Unhealthy } from '../schemas/health.ts';

/** Below the usual probe time-outs, so that the probe gets the answer and not a time-out of its own. */
const PING_LIMIT_MS = 2_000;

export const healthRoutes: ApiRoutes = (app, { gold }) => {
  const schema = {
    tags: ['service'],
    operationId: 'health',
    summary: 'Whether the service can answer',
    response: { 200: Healthy, 500: Unhealthy },
  };
  app.get('/healthz', { schema }, async (request, reply) => {
    try {
      const answered = await withinLimit(gold.ping(), PING_LIMIT_MS);
      if (answered) return { ok: true } as const;
      return await reply
        .code(500)
        .send({ ok: false, error: `gold did not answer within ${PING_LIMIT_MS / 1000} s` });
    } catch (error) {
      request.log.warn({ err: error }, 'gold does not answer');
      return reply.code(500).send({ ok: false, error: `gold is unavailable${codeOf(error)}` });
    }
  });
};

/** Whether the work ended in time. What it does after that, even failing, is nobody's business. */
async function withinLimit(work: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([work.then(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** ` (ECONNREFUSED)`: codes of the system, of SQLSTATE and of ours name no host and no user. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code)) return ` (${code})`;
  return cause === undefined || cause === null ? '' : codeOf(cause);
}
