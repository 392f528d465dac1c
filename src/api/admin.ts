/**
 * Who may change something: whoever sends ADMIN_TOKEN, and never a page of another origin. Browsers send an origin with
 * such requests; programs do not.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestAsyncHookHandler } from 'fastify';
import { HttpProblem } from './http-problem.ts';

/** Refuses a request before its body is read. @param token undefined: nobody may */
export function adminOnly(token: string | undefined): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const { authorization, origin, host } = request.headers;
    if (origin !== undefined && hostOf(origin) !== host)
      throw new HttpProblem(
        403,
        'Pages of another origin may read, but change nothing. Send the request from a program, or from a page of this server.',
      );
    if (token === undefined)
      throw new HttpProblem(
        403,
        'Nobody may change anything over this API, because ADMIN_TOKEN is not set. Set it, restart the API, and send it as “Authorization: Bearer …”.',
      );
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (given !== undefined && isSame(given, token)) return;
    reply.header('www-authenticate', 'Bearer realm="wikigauge"');
    throw new HttpProblem(
      401,
      given === undefined
        ? 'This needs the header “Authorization: Bearer …” with the value of ADMIN_TOKEN.'
        : 'The token is not the value of ADMIN_TOKEN.',
    );
  };
}

/** Digests have one length, so the time tells nothing, not even how long the token is. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Undefined for `null`, which sandboxed pages send. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
