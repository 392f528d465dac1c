/**
 * Turns every error into a problem document (RFC 9457). Internal errors are logged and never sent, because driver
 * messages quote SQL, hosts and users.
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PipelineError } from '../../contracts/errors.ts';
import { HttpProblem } from '../http-problem.ts';
import { PROBLEM_JSON } from '../schemas/problem.ts';
import type { Problem } from '../schemas/problem.ts';
import { collectMethods } from './allowed-methods.ts';
import { instanceOf } from './request-id.ts';
import { WrongParameters } from './parameters.ts';

/** When to retry while gold is unavailable. */
const RETRY_AFTER_SEC = 5;

/** Responds to errors, unknown paths and wrong methods with problem documents. */
export function registerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => answerError(error, request, reply));
  const methodsOf = collectMethods(app);
  app.setNotFoundHandler((request, reply) => answerUnknown(methodsOf, request, reply));
  // Before a body is read: whatever is wrong with it, the path or the method is wrong first.
  app.addHook('preParsing', async (request, reply) => {
    if (request.is404) await answerUnknown(methodsOf, request, reply);
  });
}

/** Responds to a path that does not exist, or does not have this method. */
function answerUnknown(
  methodsOf: (path: string) => string[],
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const path = pathOf(request);
  const allowed = methodsOf(path);
  if (allowed.length === 0) {
    return send(reply, { status: 404, detail: `No route matches ${path}. All routes are listed at /docs` });
  }
  reply.header('allow', allowed.join(', '));
  return send(reply, { status: 405, detail: `${path} supports ${allowed.join(', ')} only.` });
}

/** Responds to a request that failed; also used for URLs that the router itself rejects. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof WrongParameters) {
    return send(reply, {
      type: 'urn:wikigauge:problem:wrong-parameter',
      title: error.problems.length === 1 ? 'Invalid parameter' : 'Invalid parameters',
      status: 400,
      detail: error.message,
      errors: [...error.problems],
    });
  }
  const status = statusOf(error);
  if (error instanceof HttpProblem) {
    const retryAfterSec = error.retryAfterSec ?? (status === 503 ? RETRY_AFTER_SEC : undefined);
    if (retryAfterSec !== undefined) reply.header('retry-after', retryAfterSec);
    return send(reply, { status, detail: error.message });
  }
  if (status < 500) return send(reply, { status, detail: messageForClient(error, status) });
  request.log.error({ err: error, method: request.method, url: request.url }, 'request failed');
  if (status !== 503)
    return send(reply, { status: 500, detail: 'Internal error; see the log of the service for the reason.' });
  reply.header('retry-after', RETRY_AFTER_SEC);
  return send(reply, {
    status,
    detail:
      error instanceof PipelineError && error.code === 'temporal_unavailable'
        ? 'Temporal does not answer at the moment. Try again in a few seconds.'
        : 'The counts are temporarily unavailable. Try again in a few seconds.',
  });
}

function send(
  reply: FastifyReply,
  problem: Omit<Problem, 'type' | 'title'> & Partial<Problem>,
): FastifyReply {
  const title = STATUS_CODES[problem.status] ?? 'Error';
  return reply
    .code(problem.status)
    .type(PROBLEM_JSON)
    .send({ type: 'about:blank', title, ...problem, instance: instanceOf(reply.request.id) });
}

/** 503 when a retry can help; errors of Fastify and of routes carry their status; anything else is 500. */
function statusOf(error: unknown): number {
  if (error instanceof HttpProblem) return error.statusCode;
  if (error instanceof PipelineError) return error.retryable ? 503 : 500;
  const statusCode = (error as { readonly statusCode?: unknown } | null)?.statusCode;
  if (statusCode === 503) return 503;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}

/** Safe to send: 4xx messages come from Fastify itself and contain nothing internal. */
function messageForClient(error: unknown, status: number): string {
  return error instanceof Error ? error.message : (STATUS_CODES[status] ?? 'Error');
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}
