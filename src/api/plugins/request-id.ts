/**
 * Every request has an id: on its answer as `X-Request-Id`, in the lines of the log about it as `reqId`, and in problem
 * documents as `instance`. A proxy or client may choose it, so that its own log has the same.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';

export const REQUEST_ID = 'x-request-id';

/** Of any other text nothing is taken, because it ends up in logs and in documents. */
const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

/** The id that a request names, if it is harmless, or else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID];
  return typeof given === 'string' && HARMLESS.test(given) ? given : randomUUID();
}

/** The id as a problem document has it. */
export function instanceOf(id: string): string {
  return `urn:wikigauge:request:${id}`;
}

export function registerRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => nameRequest(reply));
}

/** Also for answers to requests that no hook sees. */
export function nameRequest(reply: FastifyReply): void {
  reply.header(REQUEST_ID, reply.request.id);
}
