/**
 * ⑧ `GET /`: the built page and its assets; `GET /embed`: the same page, which then shows the chart alone. Assets have a
 * hash in their name and are cached for a year; the page itself is revalidated on every request.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { FRAMED } from '../plugins/security.ts';

const YEAR_SEC = 31_536_000;

/** @param directory output of `vite build`; when it does not exist, `/` says how to build it. */
export async function registerDashboard(app: FastifyInstance, directory: string): Promise<void> {
  const built = await access(join(directory, 'index.html')).then(
    () => true,
    () => false,
  );
  if (!built) {
    for (const path of ['/', '/embed'])
      app.get(path, { schema: { hide: true } }, (_request, reply) =>
        reply
          .code(503)
          .type('text/plain; charset=utf-8')
          .send('The dashboard is not built. Run: npx vite build\n'),
      );
    return;
  }
  await app.register(fastifyStatic, {
    root: directory,
    // One route per file: an unknown path still gets a problem document, and only these files are served.
    wildcard: false,
    cacheControl: false,
    // They are small, and a piece of a compressed file is of no use.
    acceptRanges: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(join(directory, 'assets'));
      reply.header('cache-control', hashed ? `public, max-age=${YEAR_SEC}, immutable` : 'no-cache');
    },
  });
  app.get('/embed', { schema: { hide: true }, ...FRAMED }, (_request, reply) => reply.sendFile('index.html'));
}
