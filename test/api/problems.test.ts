/** Errors: problem documents that help the client and reveal nothing internal. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FastifyInstance, LightMyRequestResponse as Answer } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import { explanationOf } from './explained.ts';
import { MemoryGold } from './memory-gold.ts';

let gold: MemoryGold;
let app: FastifyInstance;

beforeEach(async () => {
  gold = new MemoryGold();
  app = await buildApp({
    gold,
    dashboardDir: 'not-built',
    version: '1',
    explain: async () => explanationOf(),
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await app.close();
});

const PROBLEM = 'application/problem+json; charset=utf-8';
const READING = [
  '/api/v1/anomalies',
  '/api/v1/expectation?wiki=enwiki',
  '/feeds/anomalies.atom',
  '/feeds/enwiki.json',
  '/api/v1/explain?wiki=enwiki&from=2026-11-20T10:00:00Z&to=2026-11-20T10:15:00Z',
  '/api/v1/series?wiki=enwiki',
  '/wikis',
  '/edits?wiki=enwiki',
  '/api/v1/status',
  '/api/v1/gaps',
  '/api/v1/hours',
  '/api/v1/hours/2026-11-20T10',
  '/api/v1/wikis',
];

describe('an invalid request', () => {
  test('gets the parameter, its value, what was expected and an example', async () => {
    const response = await app.inject('/edits?wiki=enwiki&minutes=abc');
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toBe(PROBLEM);
    expect(response.json()).toEqual({
      type: 'urn:wikigauge:problem:wrong-parameter',
      title: expect.any(String),
      status: 400,
      detail: expect.stringContaining('minutes=180'),
      instance: expect.stringMatching(/^urn:wikigauge:request:[0-9a-f-]{36}$/),
      errors: [
        {
          parameter: 'minutes',
          got: 'abc',
          expected: 'a whole number from 1 to 527040',
          example: 'minutes=180',
        },
      ],
    });
  });

  test('gets every invalid parameter at once', async () => {
    const body = (await app.inject('/api/v1/gaps?wiki=X&minutes=1&minutes=2')).json<{ errors: object[] }>();
    expect(body.errors).toHaveLength(2);
    expect(body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ parameter: 'wiki', got: 'X', example: 'wiki=enwiki' }),
        expect.objectContaining({ parameter: 'minutes', got: '1, 2' }),
      ]),
    );
  });

  test('gets a long value back shortened', async () => {
    const body = (await app.inject(`/api/v1/gaps?wiki=${'X'.repeat(5_000)}`)).json<{
      errors: { got: string }[];
    }>();
    expect(body.errors[0]?.got).toHaveLength(81);
  });

  test.each(['/nope', '/edits/', '/api/v1/nothing', '/assets/nothing.js', '/../package.json'])(
    '%s is 404',
    async url => {
      const response = await app.inject(url);
      expect(response.statusCode).toBe(404);
      expect(response.headers['content-type']).toBe(PROBLEM);
      expect(response.json()).toMatchObject({ type: 'about:blank', title: 'Not Found', status: 404 });
    },
  );

  test.each([
    ['of an unknown type', { 'content-type': 'text/x-unknown' }, 'x'],
    ['that is no JSON', { 'content-type': 'application/json' }, '{'],
    ['that is too large', { 'content-type': 'application/json' }, JSON.stringify('x'.repeat(70_000))],
    ['of no type', {}, 'x'],
    ['that is missing', {}, undefined],
  ])(
    'with another method is 405, and to an unknown path 404, also with a body %s',
    async (_, headers, payload) => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY'] as const) {
        const asking = (url: string): Promise<Answer> =>
          app.inject({ method: method as 'POST', url, headers, ...(payload !== undefined && { payload }) });
        const wrong = await asking('/edits?wiki=enwiki');
        expect([method, wrong.statusCode, wrong.headers.allow]).toEqual([method, 405, 'GET, HEAD']);
        expect(wrong.headers['content-type']).toBe(PROBLEM);
        expect(wrong.headers['content-security-policy']).toBeDefined();
        const unknown = await asking('/no/such/path');
        expect([method, unknown.statusCode]).toEqual([method, 404]);
        expect(unknown.headers['content-type']).toBe(PROBLEM);
      }
    },
  );

  test('with another method is 405 and lists the allowed ones', async () => {
    const response = await app.inject({ method: 'POST', url: '/edits?wiki=enwiki', payload: '{}' });
    expect(response.statusCode).toBe(405);
    expect(response.headers).toMatchObject({ allow: 'GET, HEAD', 'content-type': PROBLEM });
  });

  test('with a URL that cannot be decoded is 400', async () => {
    const response = await app.inject('/%zz');
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toBe(PROBLEM);
  });
});

describe('an internal failure', () => {
  const secret = 'select secret_column from gold where password=hunter2 host=db.internal';

  test.each(READING)('%s responds with 503 when gold may come back, and says when to retry', async url => {
    gold.failure = new PipelineError(secret, {
      code: 'postgres_unavailable',
      op: 'read',
      subject: secret,
      retryable: true,
    });
    const response = await app.inject(url);
    expect(response.statusCode).toBe(503);
    expect(response.headers).toMatchObject({ 'retry-after': '5', 'content-type': PROBLEM });
    expect(response.body).not.toMatch(/secret|hunter2|internal/);
  });

  test.each([
    ...READING.map(url => [url, new Error(secret)] as const),
    [
      '/wikis',
      new PipelineError(secret, { code: 'storage_denied', op: 'x', subject: secret, retryable: false }),
    ],
    ['/wikis', Object.assign(new Error(secret), { statusCode: 500 })],
  ] as const)('%s responds with 500 and does not reveal %o', async (url, failure) => {
    gold.failure = failure;
    const response = await app.inject(url);
    expect(response.statusCode).toBe(500);
    expect(response.headers['content-type']).toBe(PROBLEM);
    expect(response.json()).toMatchObject({ title: 'Internal Server Error', status: 500 });
    expect(response.body).not.toMatch(/secret|hunter2|internal\./);
  });
});

describe('GET /healthz', () => {
  test.each([
    [
      Object.assign(new Error('connect to db.internal password=x'), { code: 'ECONNREFUSED' }),
      'gold is unavailable (ECONNREFUSED)',
    ],
    [
      new Error('x', { cause: Object.assign(new Error('y'), { code: '57P03' }) }),
      'gold is unavailable (57P03)',
    ],
    [Object.assign(new Error('x'), { code: 'host=db.internal' }), 'gold is unavailable'],
  ])('responds with 500 and the code of the failure (%#)', async (failure, error) => {
    gold.failure = failure;
    const response = await app.inject('/healthz');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({ ok: false, error });
  });

  test('gives up after two seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const held = gold.hold();
    const answer = app.inject('/healthz');
    await held.reached;
    await vi.advanceTimersByTimeAsync(2_000);
    const response = await answer;
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({ ok: false, error: expect.stringContaining('within 2 s') });
  });
});
