import { vi } from 'vitest';
import type { FastifyInstance } from 'fastify';

interface Request {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Lets an API answer what the page's code asks for, without a socket. Returns the addresses that are asked for. */
export function answeredBy(app: FastifyInstance): readonly string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string, { method = 'GET', headers = {}, body }: Request = {}) => {
    asked.push(url);
    const payload = body === undefined ? {} : { payload: body };
    const { statusCode, body: text } = await app.inject({ method, url, headers, ...payload });
    return new Response(text, { status: statusCode });
  });
  return asked;
}
