/**
 * Limits what one client address may ask (RATE_LIMIT_PER_MINUTE), and says in every answer how much is left. Probes are
 * never refused. The headers are those of draft-ietf-httpapi-ratelimit-headers-10.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http-problem.ts';
import { RateLimit, WINDOW_SEC, clientOf, costOfRange } from '../rate-limit.ts';

/** Routes whose cost depends on the range that is asked for. */
const BY_RANGE = ['/edits', '/api/v1/series'];
/** Reads parts of bronze, which takes a second or two. */
const EXPLAIN = '/api/v1/explain';
const EXPLAIN_UNITS = 200;
/** Whoever watches the service asks these. */
const PROBES = ['/healthz'];

/** Takes what a request costs, and tells in its answer what is left. */
export type Count = (request: FastifyRequest, reply: FastifyReply) => HttpProblem | undefined;

/** @param perMinute 0: no limit. @returns also for requests that no hook sees */
export function registerRateLimits(app: FastifyInstance, perMinute: number): Count {
  const count = perMinute === 0 ? () => undefined : counting(new RateLimit(perMinute));
  app.addHook('onRequest', async (request, reply) => {
    const refusal = count(request, reply);
    if (refusal !== undefined) throw refusal;
  });
  return count;
}

function counting(limit: RateLimit): Count {
  const { perMinute } = limit;
  return (request, reply) => {
    const cost = costOf(request);
    const { isAllowed, left, fullInSec, retryInSec } = limit.take(
      clientOf(request.ip),
      cost,
      performance.now(),
    );
    reply.header('ratelimit-policy', `"client";q=${perMinute};w=${WINDOW_SEC}`);
    reply.header('ratelimit', `"client";r=${left};t=${fullInSec}`);
    if (isAllowed) return undefined;
    const text = `This address has asked too much: ${left} of ${perMinute} units a minute are left, and this request costs ${cost}.`;
    return new HttpProblem(429, `${text} Try again in ${retryInSec} s.`, { retryAfterSec: retryInSec });
  };
}

/** @param url pattern of a route */
export function isLimited(url: string): boolean {
  return !PROBES.includes(url);
}

function costOf({ routeOptions, query }: FastifyRequest): number {
  const { url = '' } = routeOptions;
  if (!isLimited(url)) return 0;
  if (url === EXPLAIN) return EXPLAIN_UNITS;
  return BY_RANGE.includes(url) ? costOfRange(query as Record<string, string | string[]>) : 1;
}
