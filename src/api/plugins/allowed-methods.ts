/** Which methods a path has. Fastify itself answers only for the pattern of a route, not for a path that it matches. */
import type { FastifyInstance } from 'fastify';

const ORDER = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Must be called before the routes are registered. @returns the methods of a path; none: there is no such path */
export function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    methods.set(url, new Set([...(methods.get(url) ?? []), ...[method].flat()]));
  });
  return path => {
    const segments = segmentsOf(path);
    const found = new Set(
      [...methods].flatMap(([pattern, known]) => (matches(pattern.split('/'), segments) ? [...known] : [])),
    );
    return ORDER.filter(method => found.has(method));
  };
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '*';
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? segments.length <= fixed.length : segments.length !== fixed.length) return false;
  return fixed.every((part, at) => (part.startsWith(':') ? segments[at] !== '' : part === segments[at]));
}

/** The router compares what is meant, not how it is escaped. */
function segmentsOf(path: string): string[] {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return path.split('/');
  }
}
