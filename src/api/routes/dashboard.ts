/**
 * ⑧ `GET /`: the built page and its assets. Assets carry a hash in their name and are kept for good;
 * the page itself is asked for again every time.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const YEAR_SEC = 31_536_000;

/** @param directory output of `vite build`; when it is not there, `/` says how to build it. */
export async function registerDashboard(app: FastifyInstance, directory: string): Promise<void> {
  const built = await access(join(directory, 'index.html')).then(
    () => true,
    () => false,
  );
  if (!built) {
    app.get('/', { schema: { hide: true } }, (_request, reply) =>
      reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('The dashboard is not built yet: npx vite build\n'),
    );
    return;
  }
  await app.register(fastifyStatic, {
    root: directory,
    // A route a file: an unknown path stays a problem document, and nothing but these files can be asked for.
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(join(directory, 'assets'));
      reply.header('cache-control', hashed ? `public, max-age=${YEAR_SEC}, immutable` : 'no-cache');
    },
  });
}
