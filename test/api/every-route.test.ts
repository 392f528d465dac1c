/** What holds for every route, also for one that is added: taken from the description. */
import { METHODS } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FastifyInstance, LightMyRequestResponse as Answer } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { MemoryGold } from './memory-gold.ts';
import { addressOf, operationsIn } from './described.ts';
import type { Operation } from './described.ts';

const TOKEN = 'token-of-the-tests';
/** Their clients know them without rules that came later. */
const OLDEST = ['/wikis', '/edits', '/healthz'];
const DESCRIPTION: Operation = { method: 'GET', path: '/api/v1/openapi.json', place: [], value: {} };

let app: FastifyInstance;
let operations: readonly Operation[];

beforeAll(async () => {
  app = await buildApp({ gold: new MemoryGold(), dashboardDir: 'x', version: '1', adminToken: TOKEN });
  operations = [...operationsIn((await app.inject('/api/v1/openapi.json')).json()), DESCRIPTION];
  return () => app.close();
});

async function ask(method: string, url: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return app.inject({ method: method as 'POST', url, headers });
}

describe('a parameter that a route does not have', () => {
  test('is refused by name under /api/v1', async () => {
    const found: object[] = [];
    const isNew = ({ path }: Operation): boolean => path.startsWith('/api/v1/');
    for (const operation of operations.filter(isNew)) {
      const url = addressOf(operation);
      const response = await ask(operation.method, `${url}${url.includes('?') ? '&' : '?'}nonsense=1`);
      const { errors } = response.json<{ errors?: readonly { parameter: string; expected: string }[] }>();
      const { parameter, expected = '' } = errors?.[0] ?? {};
      const isNamed = parameter === 'nonsense' && /^(?:one of the|no) parameters /.test(expected);
      found.push([operation.method, operation.path, response.statusCode, isNamed]);
    }
    expect(found).toEqual(operations.filter(isNew).map(({ method, path }) => [method, path, 400, true]));
  });

  test.each([...OLDEST, '/feeds/anomalies.atom', '/feeds/enwiki.json'])(
    'is ignored by %s, whose clients add some against caches',
    async url => {
      expect((await app.inject(`${url}?_=1732104000`)).statusCode).toBe(200);
    },
  );
});

describe('a method that a path does not have', () => {
  test('is 405, and the answer says which it has', async () => {
    const paths = new Map(operations.map(operation => [operation.path, operation]));
    const wrong: object[] = [];
    for (const [path, operation] of paths) {
      const described = operations.filter(each => each.path === path).map(({ method }) => method);
      // Fastify answers HEAD where there is GET; a live stream, which has no end, has none.
      const isRead = described.includes('GET') && path !== '/api/v1/live';
      const allowed = ['GET', 'HEAD', 'POST'].filter(
        method => described.includes(method) || (isRead && method === 'HEAD'),
      );
      // CONNECT is no request for a path.
      for (const method of METHODS.filter(each => each !== 'CONNECT' && !allowed.includes(each))) {
        const { statusCode, headers } = await ask(method, addressOf(operation));
        if (statusCode !== 405 || headers.allow !== allowed.join(', '))
          wrong.push([method, path, statusCode, headers.allow]);
      }
    }
    expect(paths.size).toBeGreaterThan(15);
    expect(wrong).toEqual([]);
  });

  test.each([
    ['GET', '/api/v1/backfills/x/pause', 'POST'],
    ['GET', '/api/v1/b%61ckfills/%20/pause', 'POST'],
    ['DELETE', '/docs/static/index.css', 'GET, HEAD'],
  ])('%s %s: %s is allowed', async (method, url, allowed) => {
    const { statusCode, headers } = await ask(method, url);
    expect([statusCode, headers.allow]).toEqual([405, allowed]);
  });

  test.each(['/api/v1/backfills//pause', '/api/v1/backfills/x/stop', '/api/v1/hours/2026/11', '/api/v1'])(
    'is 404 for %s, which is no path',
    async url => {
      expect((await ask('GET', url)).statusCode).toBe(404);
      expect((await ask('DELETE', url)).statusCode).toBe(404);
    },
  );
});
