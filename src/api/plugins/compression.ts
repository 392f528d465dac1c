/**
 * Compresses text for clients that accept gzip. zlib works on threads of its own, so other answers do not wait; a stream
 * stays a stream. Only gzip: brotli takes megabytes for each answer, and at a bearable speed gains little.
 *
 * It has no secret to protect: what an answer contains is public, so its length tells nothing (BREACH).
 */
import { Readable, pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Shorter ones fit into one packet anyway. */
const LEAST_BYTES = 1_024;

/** Text, but not server-sent events: gzip would hold them back. */
const TEXT =
  /^(?:text\/(?!event-stream)|application\/(?:json|javascript|x-ndjson|[\w.-]+\+(?:json|xml))|image\/svg\+xml)\b/;

const inOneGo = promisify<string | Buffer, Buffer>(gzip);

/** Must be registered after what decides on `ETag` and 304, and before the routes. */
export function registerCompression(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (!isText(reply)) return payload;
    // For every client: a cache must not hand out one form to those that want the other.
    reply.header('vary', [reply.getHeader('vary') ?? [], 'accept-encoding'].flat().join(', '));
    if (reply.statusCode === 304 || !acceptsGzip(request.headers['accept-encoding'])) return payload;
    if (payload instanceof Readable) {
      nameGzip(reply);
      if (request.method === 'HEAD') payload.destroy();
      return request.method === 'HEAD' ? Readable.from([]) : compressed(payload);
    }
    if (!(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload;
    if (Buffer.byteLength(payload) < LEAST_BYTES) return payload;
    nameGzip(reply);
    // Fastify adds the length, and leaves out the body.
    return inOneGo(payload);
  });
}

/** 304 has no type: whether its answer would be text is not known, and the header does no harm. */
function isText(reply: FastifyReply): boolean {
  if (reply.hasHeader('content-encoding') || reply.hasHeader('content-range')) return false;
  return reply.statusCode === 304 || TEXT.test(String(reply.getHeader('content-type')));
}

function nameGzip(reply: FastifyReply): void {
  reply.header('content-encoding', 'gzip').removeHeader('content-length');
  const tag = reply.getHeader('etag');
  // A strong one would say that these are the bytes of the other form.
  if (typeof tag === 'string' && !tag.startsWith('W/')) reply.header('etag', `W/${tag}`);
}

/** A failure of either end ends the other. Fastify reports that of the stream that it sends. */
function compressed(source: Readable): Readable {
  return pipeline(source, createGzip(), () => undefined);
}

/** @see RFC 9110, 12.5.3 */
export function acceptsGzip(header: string | undefined): boolean {
  const weights = new Map(
    (header ?? '').split(',').map(each => {
      const [coding = '', ...parameters] = each.split(';').map(part => part.trim().toLowerCase());
      const weight = parameters.find(parameter => parameter.startsWith('q='));
      return [coding.replace(/^x-gzip$/, 'gzip'), weight === undefined ? 1 : Number(weight.slice(2))];
    }),
  );
  const ofGzip = weights.get('gzip') ?? weights.get('*') ?? 0;
  return ofGzip > 0 && ofGzip >= (weights.get('identity') ?? 0);
}
