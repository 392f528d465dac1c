/** Answers that a client has already are not sent again: 304 where its `If-None-Match` names their `ETag`. */
import type { FastifyInstance } from 'fastify';

export function registerNotModified(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const etag = reply.getHeader('etag');
    const seen = request.headers['if-none-match'];
    if (reply.statusCode !== 200 || typeof payload !== 'string' || typeof etag !== 'string') return payload;
    if (seen === undefined || !names(seen, etag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  });
}

/** Compares weakly, as for this purpose: whether a proxy has compressed the answer does not matter. @see RFC 9110, 13.1.2 */
function names(seen: string, etag: string): boolean {
  return seen.split(',').some(tag => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}
