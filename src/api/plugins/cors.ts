/**
 * Which pages of other origins may read: all of them, unless CORS_ORIGINS names some. No answer depends on who asks, so
 * no credentials are allowed. What changes something is for pages of this origin only (`admin.ts`), so its answers, and
 * the preflight before it, allow none.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http-problem.ts';

/** Stands for every origin. */
export const ANY_ORIGIN = '*';

const READS = ['GET', 'HEAD'];
/** Beside those that a page may always send. */
const READ_HEADERS = ['cache-control', 'if-none-match', 'last-event-id', 'x-request-id'];
/** Beside those that a page may always read. */
const EXPOSED = ['etag', 'x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after'];
/** Browsers keep a permission for less than that. */
const DAY_SEC = 86_400;

/** Tells the browser whether a page may read this answer. Also for answers to requests that no hook sees. */
export type AllowOrigin = (request: FastifyRequest, reply: FastifyReply) => void;

export function registerCors(app: FastifyInstance, origins: readonly string[]): AllowOrigin {
  const allow = allowing(origins);
  app.addHook('onRequest', async (request, reply) => {
    if (READS.includes(methodOf(request))) allow(request, reply);
  });
  return allow;
}

/** Apart, so that what limits requests stands in between: a page may read that it was refused. */
export function registerPreflights(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) =>
    isPreflight(request) ? answerPreflight(request, reply) : undefined,
  );
}

/** The method that a page uses, or wants to use. */
function methodOf(request: FastifyRequest): string {
  return (
    (isPreflight(request) ? request.headers['access-control-request-method'] : undefined) ?? request.method
  );
}

function allowing(origins: readonly string[]): AllowOrigin {
  const any = origins.includes(ANY_ORIGIN);
  return ({ headers: { origin } }, reply) => {
    // A cache must not give the answer for one origin to another one.
    if (!any) reply.header('vary', 'origin');
    const allowed = any ? ANY_ORIGIN : origins.find(one => one === origin);
    if (allowed === undefined) return;
    reply.header('access-control-allow-origin', allowed);
    reply.header('access-control-expose-headers', EXPOSED.join(', '));
  };
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** Every path may be read: whether there is such a path, its answer says. */
function answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!READS.includes(methodOf(request)))
    throw new HttpProblem(403, 'Pages of another origin may read, with GET and HEAD, but change nothing.');
  if (reply.hasHeader('access-control-allow-origin')) {
    reply.header('access-control-allow-methods', READS.join(', '));
    reply.header('access-control-allow-headers', READ_HEADERS.join(', '));
    reply.header('access-control-max-age', DAY_SEC);
  }
  return reply.code(204).send();
}
