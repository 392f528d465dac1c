import { vi } from 'vitest';
import type { FastifyInstance } from 'fastify';

/** Lets an API answer what the page's code asks for, without a socket. Returns the addresses that are asked for. */
export function answeredBy(app: FastifyInstance): readonly string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const { statusCode, body } = await app.inject(url);
    return new Response(body, { status: statusCode });
  });
  return asked;
}
