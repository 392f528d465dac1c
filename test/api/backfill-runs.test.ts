/** What lists, starts and controls backfills: who may, what it answers, and that the description says so. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/schema';
import { buildApp } from '../../src/api/app.ts';
import type { ApiDependencies } from '../../src/api/app.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import type {
  BackfillRuns,
  Control,
  Controlled,
  RunsPage,
  RunsQuestion,
} from '../../src/temporal/backfill-runs.ts';
import { MemoryGold } from './memory-gold.ts';

const TOKEN = 'a-token-for-tests';
const ID = 'backfill-2026-11-20T10:05:00Z';
const PROBLEM = 'application/problem+json; charset=utf-8';

/** Answers what it is told to, and remembers what it was asked. */
class FakeRuns implements BackfillRuns {
  page: RunsPage = { kind: 'page', runs: [] };
  outcome: Controlled = { kind: 'done', state: 'paused' };
  failure: Error | undefined;
  readonly asked: unknown[] = [];

  async list(question: RunsQuestion): Promise<RunsPage> {
    return this.#answer(question, this.page);
  }
  async start(input: object): Promise<string> {
    return this.#answer(input, ID);
  }
  async control(id: string, control: Control): Promise<Controlled> {
    return this.#answer({ id, control }, this.outcome);
  }
  #answer<T>(question: unknown, answer: T): T {
    this.asked.push(question);
    if (this.failure !== undefined) throw this.failure;
    return answer;
  }
}

interface Operation {
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}
interface Description {
  components: { schemas: Record<string, { examples?: unknown[] }> };
  paths: Record<string, Record<string, Operation>>;
}

let runs: FakeRuns;
let app: FastifyInstance;
let description: Description;

async function build(dependencies: Partial<ApiDependencies> = {}): Promise<FastifyInstance> {
  runs = new FakeRuns();
  const gold = new MemoryGold();
  const base = { gold, dashboardDir: 'not-built', version: '1', backfills: runs, adminToken: TOKEN };
  app = await buildApp({ ...base, ...dependencies });
  return app;
}

beforeAll(async () => {
  await build();
  description = (await app.inject('/api/v1/openapi.json')).json();
  await app.close();
});
beforeEach(async () => {
  await build();
  return () => app.close();
});

async function post(url: string, body?: object | string, headers: Record<string, string> = {}) {
  const response = await app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    ...(body !== undefined && { payload: body }),
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.json<Record<string, unknown>>(),
  };
}

const CHANGES = [
  '/api/v1/backfills',
  ...['pause', 'resume', 'cancel'].map(name => `/api/v1/backfills/${ID}/${name}`),
];

describe.each(CHANGES)('POST %s', url => {
  test('without ADMIN_TOKEN is refused, with the reason', async () => {
    await app.close();
    await build({ adminToken: undefined });
    expect(await post(url)).toMatchObject({
      status: 403,
      headers: { 'content-type': PROBLEM },
      body: { detail: expect.stringContaining('ADMIN_TOKEN is not set') },
    });
    expect(runs.asked).toEqual([]);
  });

  test.each(['', 'Bearer wrong', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN, 'Bearer '])(
    'with the authorization “%s” is refused',
    async authorization => {
      expect(await post(url, undefined, { authorization })).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="wikigauge"', 'content-type': PROBLEM },
      });
      expect(runs.asked).toEqual([]);
    },
  );

  test('from a page of another origin is refused even with the token, and allowed to no origin', async () => {
    for (const origin of ['https://example.org', 'null', 'http://localhost:81']) {
      const refused = await post(url, undefined, { origin, host: 'localhost:80' });
      expect(refused).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('another origin') },
      });
      expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    }
    const preflight = await app.inject({
      method: 'OPTIONS',
      url,
      headers: { origin: 'https://example.org', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
    expect(
      (await post(url, undefined, { origin: 'http://a.example:81', host: 'a.example:81' })).status,
    ).toBeLessThan(300);
  });

  test('says that Temporal is away', async () => {
    runs.failure = new PipelineError('secret', {
      code: 'temporal_unavailable',
      op: 'x',
      subject: 'secret',
      retryable: true,
    });
    expect(await post(url)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { detail: 'Temporal does not answer at the moment. Try again in a few seconds.' },
    });
  });
});

test('every read may be made by pages of any origin', async () => {
  for (const url of ['/wikis', '/healthz', '/api/v1/gaps', '/api/v1/backfills/runs', '/api/v1/openapi.json'])
    expect((await app.inject(url)).headers).toMatchObject({ 'access-control-allow-origin': '*' });
});

describe('POST /api/v1/backfills', () => {
  test('starts what was asked for, and says what it read', async () => {
    const input = {
      from: '2026-11-20T00:30:00Z',
      to: '2026-11-20T02:00:00Z',
      wikis: ['enwiki'],
      source: 'api',
    };
    expect(await post('/api/v1/backfills', input)).toMatchObject({
      status: 201,
      body: {
        id: ID,
        from: '2026-11-20T00:00:00.000Z',
        to: '2026-11-20T02:00:00.000Z',
        wikis: ['enwiki'],
        source: 'api',
      },
    });
    expect(runs.asked).toEqual([input]);
  });

  test.each([
    [{ hours: 0 }, 'hours', '0', 'a whole number of hours from 1 to 87600'],
    [{ source: 'web' }, 'source', '"web"', 'one of auto, stream, api, dump'],
    [{ wiki: 'enwiki' }, 'wiki', '"enwiki"', 'one of the fields hours, from, to, wikis, source, concurrency'],
    [{ to: '2026-11-20T00:00:00Z' }, 'from', null, 'a time in ISO 8601 such as 2026-11-20T10:00:00Z'],
    [
      { from: '2999-01-01T00:00:00Z' },
      'from',
      '"2999-01-01T00:00:00Z"',
      'a time in ISO 8601 such as 2026-11-20T10:00:00Z',
    ],
    [[1], '', '[1]', 'one JSON object'],
  ])('refuses %j, naming the field, what it got and an example', async (input, parameter, got, expected) => {
    const example = expect.stringContaining('"wikis":["enwiki"]');
    expect(await post('/api/v1/backfills', input)).toMatchObject({
      status: 400,
      headers: { 'content-type': PROBLEM },
      body: {
        type: 'urn:wikigauge:problem:wrong-parameter',
        detail: expect.stringContaining('Example: {'),
        errors: [{ parameter, got, expected, example }],
      },
    });
    expect(runs.asked).toEqual([]);
  });

  test('refuses what is no JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await post('/api/v1/backfills', '{', headers)).toMatchObject({ status: 400 });
    expect(await post('/api/v1/backfills', 'a=b', { 'content-type': 'text/csv' })).toMatchObject({
      status: 415,
    });
    expect(runs.asked).toEqual([]);
  });
});

describe('POST /api/v1/backfills/{id}/…', () => {
  test.each([
    ['pause', { kind: 'done', state: 'paused' }, 200, { id: ID, state: 'paused' }],
    ['pause', { kind: 'accepted' }, 202, { id: ID, state: 'pausing' }],
    ['resume', { kind: 'done', state: 'reading' }, 200, { id: ID, state: 'reading' }],
    ['cancel', { kind: 'accepted' }, 202, { id: ID, state: 'cancelling' }],
    ['cancel', { kind: 'unknown' }, 404, { detail: expect.stringContaining(`No backfill has the id ${ID}`) }],
    ['pause', { kind: 'ended', status: 'failed' }, 409, { detail: expect.stringContaining('it is failed') }],
    ['resume', { kind: 'unanswered' }, 503, { detail: expect.stringContaining('No worker has answered') }],
  ] as const)('%s, when %j, answers %i', async (control, outcome, status, body) => {
    runs.outcome = outcome;
    expect(await post(`/api/v1/backfills/${ID}/${control}`)).toMatchObject({ status, body });
    expect(runs.asked).toEqual([{ id: ID, control }]);
  });
});

describe('GET /api/v1/backfills/runs', () => {
  test('lists runs, with the progress of those that run', async () => {
    runs.page = {
      kind: 'page',
      runs: [
        {
          id: ID,
          status: 'running',
          startedAt: '2026-11-20T10:05:00.000Z',
          source: 'auto',
          wikis: ['all'],
          from: '2026-11-20T00:00:00.000Z',
          progress: {
            from: '2026-11-20T00:00:00.000Z',
            to: '2026-11-20T10:00:00.000Z',
            state: 'planning',
            waitingFor: 'the plan',
          },
        },
        {
          id: 'old',
          status: 'completed',
          startedAt: '2026-11-19T10:05:00.000Z',
          endedAt: '2026-11-19T11:05:00.000Z',
          wikis: ['enwiki'],
        },
      ],
      next: 'abc',
    };
    const response = await app.inject('/api/v1/backfills/runs?status=all&limit=2&after=xyz');
    expect(response.json()).toEqual({
      runs: [
        {
          id: ID,
          status: 'running',
          startedAt: '2026-11-20T10:05:00.000Z',
          source: 'auto',
          from: '2026-11-20T00:00:00.000Z',
          progress: {
            from: '2026-11-20T00:00:00.000Z',
            to: '2026-11-20T10:00:00.000Z',
            state: 'planning',
            waitingFor: 'the plan',
          },
        },
        {
          id: 'old',
          status: 'completed',
          startedAt: '2026-11-19T10:05:00.000Z',
          endedAt: '2026-11-19T11:05:00.000Z',
          wikis: ['enwiki'],
        },
      ],
      next: 'abc',
    });
    expect(runs.asked).toEqual([{ status: 'all', limit: 2, after: 'xyz' }]);
  });

  test.each([
    ['status=done', 'status'],
    ['limit=101', 'limit'],
    ['limit=0', 'limit'],
    ['after=!', 'after'],
  ])('refuses %s', async (query, parameter) => {
    const response = await app.inject(`/api/v1/backfills/runs?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ parameter }] });
  });

  test('refuses a page that there is not', async () => {
    runs.page = { kind: 'no_such_page' };
    const response = await app.inject('/api/v1/backfills/runs?after=abc');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ parameter: 'after', got: 'abc' }] });
  });

  test('says that it is not connected, without Temporal', async () => {
    await app.close();
    await build({ backfills: undefined });
    const response = await app.inject('/api/v1/backfills/runs');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ detail: 'This API is not connected to Temporal.' });
  });
});

describe('the description', () => {
  const operations: [path: string, method: string][] = [
    ['/api/v1/backfills/runs', 'get'],
    ['/api/v1/backfills', 'post'],
    ['/api/v1/backfills/{id}/pause', 'post'],
    ['/api/v1/backfills/{id}/resume', 'post'],
    ['/api/v1/backfills/{id}/cancel', 'post'],
  ];

  test.each(operations)('of %s (%s) names its schemas', (path, method) => {
    const { responses } = description.paths[path]?.[method] ?? { responses: {} };
    expect(Object.keys(responses).length).toBeGreaterThan(2);
    for (const { content } of Object.values(responses))
      for (const { schema } of Object.values(content))
        expect(schema).toEqual({ $ref: expect.stringMatching(/^#\/components\/schemas\/[A-Z]\w+$/) });
  });

  test.each(['BackfillRuns', 'BackfillInput', 'StartedBackfill', 'ControlledBackfill'])(
    'has examples of %s that are good ones',
    name => {
      const schema = description.components.schemas[name];
      const compiled = Compile({ ...schema, components: description.components });
      expect(schema?.examples?.length).toBeGreaterThan(0);
      for (const example of schema?.examples ?? []) expect(compiled.Errors(example)).toEqual([true, []]);
    },
  );

  test('matches what is answered', async () => {
    const answers = [
      ['/api/v1/backfills', '201', await post('/api/v1/backfills', { hours: 24 })],
      ['/api/v1/backfills', '400', await post('/api/v1/backfills', { hours: 0 })],
      ['/api/v1/backfills/{id}/pause', '200', await post(`/api/v1/backfills/${ID}/pause`)],
      [
        '/api/v1/backfills/{id}/pause',
        '401',
        await post(`/api/v1/backfills/${ID}/pause`, undefined, { authorization: '' }),
      ],
    ] as const;
    for (const [path, status, answer] of answers) {
      expect(String(answer.status)).toBe(status);
      const [type = ''] = String(answer.headers['content-type']).split(';');
      const schema = description.paths[path]?.['post']?.responses[status]?.content[type]?.schema;
      expect(Compile({ ...schema, components: description.components }).Errors(answer.body)).toEqual([
        true,
        [],
      ]);
    }
  });
});
