/** What holds for every route, also for one that is added: taken from the description. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse as Answer } from 'fastify';
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
  return app.inject({ method: method as NonNullable<InjectOptions['method']>, url, headers });
}

describe('a parameter that a route does not have', () => {
  test('is refused by name under /api/v1', async () => {
    const found: object[] = [];
    const isNew = ({ path }: Operation): boolean => !OLDEST.includes(path);
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

  test.each(OLDEST)('is ignored by %s, whose clients add some against caches', async url => {
    expect((await app.inject(`${url}?_=1732104000`)).statusCode).toBe(200);
  });
});
