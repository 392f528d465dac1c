/**
 * Every error of the service as a problem document (RFC 9457). What went wrong inside is logged and never sent:
 * messages of drivers quote SQL, hosts and users.
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { PipelineError } from '../../contracts/errors.ts';
import { PROBLEM_JSON, Problem } from '../schemas/problem.ts';
import { WrongParameters } from './parameters.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Seconds after which asking again makes sense while gold is away. */
const RETRY_AFTER_SEC = 5;

/** Answers errors, unknown paths and wrong methods with problem documents. */
export function registerProblems(app: FastifyInstance): void {
  app.addSchema(Problem);
  app.setErrorHandler((error: unknown, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const allowed = METHODS.filter(method => app.hasRoute({ method, url: path }));
    if (allowed.length === 0) {
      return send(reply, { status: 404, detail: `There is nothing at ${path}. All routes: /docs` });
    }
    reply.header('allow', allowed.join(', '));
    return send(reply, { status: 405, detail: `${path} answers ${allowed.join(', ')} only.` });
  });
}

/** Answers a request that failed; also used for addresses that the router itself refuses. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof WrongParameters) {
    return send(reply, {
      type: 'urn:wikigauge:problem:wrong-parameter',
      title: error.problems.length === 1 ? 'A parameter is wrong' : 'Some parameters are wrong',
      status: 400,
      detail: error.message,
      errors: [...error.problems],
    });
  }
  const status = statusOf(error);
  if (status < 500) return send(reply, { status, detail: messageForClient(error, status) });
  request.log.error({ err: error, method: request.method, url: request.url }, 'request failed');
  if (status !== 503)
    return send(reply, { status: 500, detail: 'The service failed; its log has the reason.' });
  reply.header('retry-after', RETRY_AFTER_SEC);
  return send(reply, { status, detail: 'The store of the counts does not answer. Try again in a moment.' });
}

function send(
  reply: FastifyReply,
  problem: Omit<Problem, 'type' | 'title'> & Partial<Problem>,
): FastifyReply {
  const title = STATUS_CODES[problem.status] ?? 'Error';
  return reply
    .code(problem.status)
    .type(PROBLEM_JSON)
    .send({ type: 'about:blank', title, ...problem });
}

/** A store that may come back is 503; what Fastify refuses carries its own 4xx; all else is ours: 500. */
function statusOf(error: unknown): number {
  if (error instanceof PipelineError) return error.retryable ? 503 : 500;
  const statusCode = (error as { readonly statusCode?: unknown } | null)?.statusCode;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}

/** Fastify's own refusals say what is wrong; they never carry anything of the store's. */
function messageForClient(error: unknown, status: number): string {
  return error instanceof Error ? error.message : (STATUS_CODES[status] ?? 'Error');
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}
