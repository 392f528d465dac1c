/**
 * What a client may keep. An answer of a read has an `ETag` and may be kept, but is asked for again each time: a commit
 * can change it at any moment. It is not sent again (304) where `If-None-Match` names its `ETag`. Everything else is
 * `no-store`: what changes something, problems, live readings, and answers in pieces, which have no tag. Files have
 * their own rules (`routes/dashboard.ts`).
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Each answer differs from the one before, so that keeping one is of no use. */
    readonly isLive?: boolean;
  }
}

/** For a route whose answers nobody keeps. */
export const LIVE = { isLive: true } as const;

export function registerNotModified(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    // A route that knows the version of its values has set it.
    if (!reply.hasHeader('etag') && request.routeOptions.config.isLive !== true)
      reply.header('etag', tagOf(payload)).header('cache-control', 'no-cache');
    const etag = reply.getHeader('etag');
    const seen = request.headers['if-none-match'];
    if (typeof etag !== 'string' || seen === undefined || !names(seen, etag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    // Fastify would add the length of an empty text, and needs something to leave out for HEAD.
    return request.method === 'HEAD' ? Readable.from([]) : null;
  });
}

function tagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** Compares weakly, as for this purpose: whether the answer was compressed does not matter. @see RFC 9110, 13.1.2 */
function names(seen: string, etag: string): boolean {
  return seen.split(',').some(tag => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}
