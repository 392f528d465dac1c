/**
 * Security headers: scripts, styles, images and connections from this origin only. HTTPS is left to the reverse proxy:
 * no HSTS, no upgrade of insecure requests, and no opener policy, which browsers report as an error on plain http.
 */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const policy = (frameAncestors: string) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: [frameAncestors],
    objectSrc: ["'none'"],
  },
});

/** Options of a route that other sites may put into a frame: it shows what anybody can read, and changes nothing. */
export const FRAMED = { helmet: { contentSecurityPolicy: policy('*'), frameguard: false } };

export async function registerSecurity(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: policy("'self'"),
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
}
