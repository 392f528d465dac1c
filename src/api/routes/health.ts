/** `GET /healthz`: whether gold responds, for load balancers. Failures are reported by code, never by the driver's message. */
import type { ApiRoutes } from '../route-context.ts';
import { Healthy, Unhealthy } from '../schemas/health.ts';

/** Shorter than common probe timeouts, so that the probe gets a response instead of timing out. */
const PING_LIMIT_MS = 2_000;

export const healthRoutes: ApiRoutes = (app, { gold }) => {
  const schema = {
    tags: ['service'],
    operationId: 'health',
    summary: 'Health of the service',
    response: { 200: Healthy, 500: Unhealthy },
  };
  app.get('/healthz', { schema }, async (request, reply) => {
    try {
      const isHealthy = await withinLimit(gold.ping(), PING_LIMIT_MS);
      if (isHealthy) return { ok: true } as const;
      return await reply
        .code(500)
        .send({ ok: false, error: `gold did not respond within ${PING_LIMIT_MS / 1000} s` });
    } catch (error) {
      request.log.warn({ err: error }, 'gold does not respond');
      return reply.code(500).send({ ok: false, error: `gold is unavailable${codeOf(error)}` });
    }
  });
};

/** Whether the work ended in time. Its outcome after the limit is ignored. */
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

/** ` (ECONNREFUSED)`: safe to send, because system codes, SQLSTATEs and our own codes name no host or user. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code)) return ` (${code})`;
  return cause === undefined || cause === null ? '' : codeOf(cause);
}
