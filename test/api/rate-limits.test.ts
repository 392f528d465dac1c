/** How much one client address may ask, and that every answer says how much is left. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance, LightMyRequestResponse as Answer } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { ApiDependencies } from '../../src/api/app.ts';
import { RateLimit, clientOf, costOfRange } from '../../src/api/rate-limit.ts';
import { loadConfig } from '../../src/config/declarations.ts';
import { DEFAULT_REQUESTS_PER_MINUTE, MAX_MINUTES } from '../../src/contracts/limits.ts';
import { MemoryGold } from './memory-gold.ts';

const PROBLEM = 'application/problem+json; charset=utf-8';

describe('the limit of one client', () => {
  let limit: RateLimit;
  beforeEach(() => {
    limit = new RateLimit(60);
  });

  test('is used up, and comes back evenly', () => {
    expect(limit.take('a', 50, 0)).toEqual({ isAllowed: true, left: 10, fullInSec: 50, retryInSec: 0 });
    expect(limit.take('a', 11, 0)).toEqual({ isAllowed: false, left: 10, fullInSec: 50, retryInSec: 1 });
    expect(limit.take('a', 30, 0)).toMatchObject({ isAllowed: false, retryInSec: 20 });
    expect(limit.take('a', 30, 20_000)).toMatchObject({ isAllowed: true, left: 0, fullInSec: 60 });
    expect(limit.take('a', 1, 20_500)).toMatchObject({ isAllowed: false, retryInSec: 1 });
    expect(limit.take('a', 1, 21_000)).toMatchObject({ isAllowed: true });
    expect(limit.take('a', 1, 3_600_000)).toMatchObject({ left: 59 });
  });

  test('is not that of another one', () => {
    limit.take('a', 60, 0);
    expect(limit.take('b', 60, 0).isAllowed).toBe(true);
  });

  test('lets a question through that costs more than all, when all is there', () => {
    expect(limit.take('a', 1_000, 0)).toMatchObject({ isAllowed: true, left: 0 });
    expect(limit.take('a', 1_000, 30_000)).toMatchObject({ isAllowed: false, retryInSec: 30 });
    expect(limit.take('a', 1_000, 60_000)).toMatchObject({ isAllowed: true });
  });

  test('is not harmed by a clock that goes back', () => {
    limit.take('a', 10, 5_000);
    expect(limit.take('a', 10, 0)).toMatchObject({ isAllowed: true, left: 40 });
  });

  test('is never reached by twenty pages behind one address, each of which opens a year of five wikis and then polls', () => {
    const shared = new RateLimit(DEFAULT_REQUESTS_PER_MINUTE);
    const year = { wiki: 'a,b,c,d,e', minutes: String(MAX_MINUTES) };
    for (let page = 0; page < 20; page += 1)
      expect(shared.take('nat', costOfRange(year), 0).isAllowed).toBe(true);
    for (let second = 0; second < 600; second += 2)
      expect(shared.take('nat', 20 * 5, second * 1000).isAllowed).toBe(true);
  });
});

test.each([
  [{}, 1],
  [{ wiki: 'enwiki', minutes: '180' }, 1],
  [{ wiki: 'enwiki', minutes: '10080' }, 2],
  [{ wiki: 'enwiki,dewiki', minutes: '10080' }, 3],
  [{ wiki: 'enwiki', minutes: String(MAX_MINUTES) }, 53],
  [{ wiki: 'a,b,c,d,e', minutes: String(MAX_MINUTES) }, 262],
  [{ wiki: 'all', minutes: String(MAX_MINUTES) }, 262],
  [{ wiki: 'enwiki', from: '2025-11-20T00:00:00Z', to: '2026-11-20T00:00:00Z' }, 53],
  [{ wiki: 'a,'.repeat(5_000), minutes: '1e99' }, 262],
  [{ wiki: ['a', 'b'], minutes: ['1', '2'] }, 1],
  [{ minutes: 'x' }, 1],
  [{ minutes: '-5000000' }, 1],
  [{ from: '2026-11-20T00:00:00Z', to: '2025-11-20T00:00:00Z' }, 1],
])('%o costs %d', (query, cost) => {
  expect(costOfRange(query)).toBe(cost);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::3:4:5:6:7', '2001:db8:0:3::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s stands for %s', (address, client) => {
  expect(clientOf(address)).toBe(client);
});

describe('the API', () => {
  const open: FastifyInstance[] = [];
  afterEach(async () => {
    for (const app of open.splice(0)) await app.close();
  });

  async function serve(more: Partial<ApiDependencies>): Promise<FastifyInstance> {
    const app = await buildApp({ gold: new MemoryGold(), dashboardDir: 'x', version: '1', ...more });
    open.push(app);
    return app;
  }

  test.each([
    ['GET', '/wikis', 200],
    ['HEAD', '/wikis', 200],
    ['GET', '/healthz', 200],
    ['GET', '/docs/static/swagger-ui.css', 200],
    ['GET', '/edits?minutes=0', 400],
    ['GET', '/%zz', 400],
    ['POST', '/api/v1/backfills', 403],
    ['GET', '/nowhere', 404],
    ['POST', '/wikis', 405],
    ['OPTIONS', '/wikis', 204],
  ] as const)('%s %s says how much is left', async (method, url, status) => {
    const app = await serve({});
    const headers =
      method === 'OPTIONS' ? { origin: 'https://a.example', 'access-control-request-method': 'GET' } : {};
    const answer = await app.inject({ method, url, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['ratelimit-policy']).toBe('"client";q=12000;w=60');
    expect(answer.headers['ratelimit']).toMatch(/^"client";r=(11999|12000);t=[01]$/);
    expect(answer.headers).not.toHaveProperty('retry-after');
  });

  test('refuses who asks too much, says when to ask again, and asks gold nothing', async () => {
    const gold = new MemoryGold();
    const app = await serve({ gold, requestsPerMinute: 3 });
    for (let asked = 0; asked < 3; asked += 1) expect((await app.inject('/wikis')).statusCode).toBe(200);
    gold.failure = new Error('asked');
    const refused: Answer = await app.inject({ url: '/wikis', headers: { origin: 'https://a.example' } });
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({
      'content-type': PROBLEM,
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      'ratelimit-policy': '"client";q=3;w=60',
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(20);
    expect(refused.json()).toMatchObject({
      status: 429,
      detail: expect.stringContaining('this request costs 1'),
    });
  });

  test.each(['/edits?wiki=enwiki&minutes=60000', '/api/v1/series?wiki=enwiki,dewiki&minutes=30000'])(
    'counts a long range of counts as more than one request: %s',
    async url => {
      const app = await serve({ requestsPerMinute: 10 });
      expect((await app.inject(url)).headers['ratelimit']).toMatch(/r=4;/);
      expect((await app.inject(url)).statusCode).toBe(429);
      expect((await app.inject('/api/v1/gaps?minutes=60000')).statusCode).toBe(200);
    },
  );

  test('describes this answer at every route but probes', async () => {
    const app = await serve({});
    const { paths } = (await app.inject('/api/v1/openapi.json')).json<{
      paths: Record<string, Record<string, { responses: Record<string, { content: object }> }>>;
    }>();
    for (const [path, methods] of Object.entries(paths))
      for (const { responses } of Object.values(methods))
        expect([path, Object.keys(responses['429']?.content ?? {})]).toEqual([
          path,
          path === '/healthz' ? [] : ['application/problem+json'],
        ]);
  });

  test('never refuses a probe, and a probe uses nothing up', async () => {
    const app = await serve({ requestsPerMinute: 1 });
    for (let asked = 0; asked < 5; asked += 1) expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/wikis')).statusCode).toBe(200);
    expect((await app.inject('/wikis')).statusCode).toBe(429);
    expect((await app.inject('/healthz')).statusCode).toBe(200);
  });

  test('has no limit with 0', async () => {
    const app = await serve({ requestsPerMinute: 0 });
    expect((await app.inject('/wikis')).headers).not.toHaveProperty('ratelimit');
  });

  const from = (app: FastifyInstance, remoteAddress: string, forwarded?: string): Promise<Answer> =>
    app.inject({
      url: '/wikis',
      remoteAddress,
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    });

  test('does not believe what a client says of its address', async () => {
    const app = await serve({ requestsPerMinute: 1 });
    expect((await from(app, '192.0.2.1', '198.51.100.1')).statusCode).toBe(200);
    expect((await from(app, '192.0.2.1', '198.51.100.2')).statusCode).toBe(429);
    expect((await from(app, '192.0.2.2')).statusCode).toBe(200);
  });

  test('believes what a trusted proxy says of it', async () => {
    const app = await serve({ requestsPerMinute: 1, trustedProxies: ['loopback', '10.0.0.0/8'] });
    expect((await from(app, '127.0.0.1', '198.51.100.1')).statusCode).toBe(200);
    expect((await from(app, '10.1.2.3', '198.51.100.2')).statusCode).toBe(200);
    // What stands before the address that the proxy saw, the client has written.
    expect((await from(app, '127.0.0.1', '203.0.113.9, 198.51.100.1, 10.0.0.1')).statusCode).toBe(429);
    expect((await from(app, '192.0.2.1', '198.51.100.3')).statusCode).toBe(200);
    expect((await from(app, '192.0.2.1', '198.51.100.4')).statusCode).toBe(429);
  });
});

describe('the settings', () => {
  test('have defaults', () => {
    const { RATE_LIMIT_PER_MINUTE, TRUSTED_PROXIES } = loadConfig({});
    expect([RATE_LIMIT_PER_MINUTE, TRUSTED_PROXIES]).toEqual([12_000, []]);
  });

  test.each(['loopback', '10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1', 'loopback, uniquelocal'])(
    '%s are proxies',
    async given => {
      const { TRUSTED_PROXIES: trustedProxies } = loadConfig({ TRUSTED_PROXIES: given });
      const app = await buildApp({ gold: new MemoryGold(), dashboardDir: 'x', version: '1', trustedProxies });
      await app.close();
      expect(trustedProxies).toEqual(given.split(', '));
    },
  );

  test.each(['true', '*', '1', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', 'example.org', '10.0.0'])(
    '%s are not',
    given => {
      expect(() => loadConfig({ TRUSTED_PROXIES: given })).toThrow(/TRUSTED_PROXIES: expected addresses/);
    },
  );
});
