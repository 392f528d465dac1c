/** The description at /api/v1/openapi.json is complete, and matches what the routes really return. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/schema';
import { buildApp } from '../../src/api/app.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import { explanationOf } from './explained.ts';
import { anomalyOf } from './recorded.ts';
import { MemoryGold, auditedHourOf } from './memory-gold.ts';

interface Description {
  openapi: string;
  info: { title: string; version: string };
  components: object;
  paths: Record<
    string,
    { get?: { responses: Record<string, { content: Record<string, { schema: object }> }> } }
  >;
}

let gold: MemoryGold;
let app: FastifyInstance;
let description: Description;

beforeAll(async () => {
  const described = await buildApp({ gold: new MemoryGold(), dashboardDir: 'x', version: '9.8.7' });
  description = (await described.inject('/api/v1/openapi.json')).json();
  await described.close();
});
beforeEach(async () => {
  gold = new MemoryGold();
  gold.setSources({ url: 'http://127.0.0.1:5001/', simulated: true });
  gold.put('enwiki', Math.floor(Date.now() / 60_000) * 60, 4, 2);
  const sinceMs = Date.now() - 600_000;
  const range = { from: new Date(sinceMs).toISOString(), to: new Date(sinceMs + 60_000).toISOString() };
  gold.setGaps(
    { id: 'a', cause: 'offsets', topic: 'eqiad.mediawiki.recentchange', missing: 3, ...range },
    { id: 'b', cause: 'retention', ...range },
    { id: 'c', cause: 'log_lost', ...range },
  );
  gold.setAnomalies(
    anomalyOf({ from: Math.floor(sinceMs / 1000) }),
    anomalyOf({ id: 'b', from: Math.floor(sinceMs / 1000), account: 'bot', to: null, reason: undefined }),
  );
  const hour = range.from.slice(0, 13);
  gold.setAudits(auditedHourOf(hour), auditedHourOf('2020-01-01T00'));
  const run = { id: 'backfill-1', status: 'running', startedAt: range.from, progress: undefined };
  app = await buildApp({
    gold,
    dashboardDir: 'x',
    version: '1',
    temporalUiUrl: 'http://127.0.0.1:8233',
    explain: async () => explanationOf(),
    backfills: {
      async list() {
        if (gold.failure !== undefined) throw gold.failure;
        return { kind: 'page', runs: [run] };
      },
      start: async () => 'backfill-1',
      control: async () => ({ kind: 'accepted' }),
    },
  });
  return () => app.close();
});

test('is OpenAPI 3.1 and lists every route once', () => {
  expect(description.openapi).toMatch(/^3\.1\.\d+$/);
  expect(description.info).toMatchObject({ title: 'wikigauge', version: '9.8.7' });
  expect(Object.keys(description.paths).sort()).toEqual([
    '/api/v1/anomalies',
    '/api/v1/backfills',
    '/api/v1/backfills/runs',
    '/api/v1/backfills/{id}/cancel',
    '/api/v1/backfills/{id}/pause',
    '/api/v1/backfills/{id}/resume',
    '/api/v1/coverage',
    '/api/v1/expectation',
    '/api/v1/explain',
    '/api/v1/gaps',
    '/api/v1/hours',
    '/api/v1/hours/{hour}',
    '/api/v1/live',
    '/api/v1/pipeline',
    '/api/v1/series',
    '/api/v1/status',
    '/api/v1/wikis',
    '/edits',
    '/feeds/anomalies.atom',
    '/feeds/anomalies.json',
    '/feeds/{wiki}.atom',
    '/feeds/{wiki}.json',
    '/healthz',
    '/wikis',
  ]);
});

const EXPLAINED = '?wiki=enwiki&from=2026-11-20T10:00:00Z&to=2026-11-20T10:15:00Z';
const down = new PipelineError('x', { code: 'postgres_unavailable', op: 'x', subject: 'x', retryable: true });
const cases: readonly (readonly [path: string, status: string, query: string, failure: Error | undefined])[] =
  [
    ['/wikis', '200', '?limit=3', undefined],
    ['/wikis', '400', '?limit=none', undefined],
    ['/wikis', '500', '', new Error('x')],
    ['/wikis', '503', '', down],
    ['/edits', '200', '?wiki=enwiki', undefined],
    ['/edits', '400', '?minutes=0', undefined],
    ['/edits', '500', '?wiki=enwiki', new Error('x')],
    ['/edits', '503', '?wiki=enwiki', down],
    ...['atom', 'json'].flatMap(
      ending =>
        [
          [`/feeds/anomalies.${ending}`, '200', '', undefined],
          [`/feeds/anomalies.${ending}`, '400', '?bots=some', undefined],
          [`/feeds/anomalies.${ending}`, '500', '', new Error('x')],
          [`/feeds/anomalies.${ending}`, '503', '', down],
          [`/feeds/{wiki}.${ending}`, '200', 'enwiki', undefined],
          [`/feeds/{wiki}.${ending}`, '400', 'EN', undefined],
          [`/feeds/{wiki}.${ending}`, '404', 'nosuchwiki', undefined],
          [`/feeds/{wiki}.${ending}`, '500', 'enwiki', new Error('x')],
          [`/feeds/{wiki}.${ending}`, '503', 'enwiki', down],
        ] as const,
    ),
    ['/healthz', '200', '', undefined],
    ['/healthz', '500', '', down],
    ['/api/v1/anomalies', '200', '?minutes=1440', undefined],
    ['/api/v1/anomalies', '400', '?minutes=100000', undefined],
    ['/api/v1/anomalies', '404', '?wiki=nosuchwiki', undefined],
    ['/api/v1/anomalies', '500', '', new Error('x')],
    ['/api/v1/anomalies', '503', '', down],
    ['/api/v1/backfills', '200', '?minutes=60&wiki=enwiki', undefined],
    ['/api/v1/backfills', '400', '?wiki=EN', undefined],
    ['/api/v1/backfills', '500', '', new Error('x')],
    ['/api/v1/backfills', '503', '', down],
    ['/api/v1/backfills/runs', '200', '?limit=1', undefined],
    ['/api/v1/backfills/runs', '400', '?limit=0', undefined],
    ['/api/v1/backfills/runs', '503', '', down],
    ['/api/v1/coverage', '200', '?wiki=enwiki&minutes=60', undefined],
    ['/api/v1/coverage', '400', '?wiki=enwiki&minutes=20000', undefined],
    ['/api/v1/coverage', '404', '?wiki=nosuchwiki', undefined],
    ['/api/v1/coverage', '500', '?wiki=enwiki', new Error('x')],
    ['/api/v1/coverage', '503', '?wiki=enwiki', down],
    ['/api/v1/expectation', '200', '?wiki=enwiki,dewiki&minutes=60', undefined],
    ['/api/v1/expectation', '400', '?wiki=enwiki&step=2m', undefined],
    ['/api/v1/expectation', '404', '?wiki=nosuchwiki', undefined],
    ['/api/v1/expectation', '500', '?wiki=enwiki', new Error('x')],
    ['/api/v1/expectation', '503', '?wiki=enwiki', down],
    ['/api/v1/explain', '200', EXPLAINED, undefined],
    ['/api/v1/explain', '400', '?wiki=enwiki', undefined],
    ['/api/v1/explain', '404', EXPLAINED.replace('enwiki', 'nosuchwiki'), undefined],
    ['/api/v1/explain', '500', EXPLAINED, new Error('x')],
    ['/api/v1/explain', '503', EXPLAINED, down],
    ['/api/v1/gaps', '200', '?minutes=60', undefined],
    ['/api/v1/gaps', '400', '?minutes=0', undefined],
    ['/api/v1/gaps', '500', '', new Error('x')],
    ['/api/v1/gaps', '503', '', down],
    ['/api/v1/hours', '200', '?limit=1', undefined],
    ['/api/v1/hours', '400', '?limit=0', undefined],
    ['/api/v1/hours', '500', '', new Error('x')],
    ['/api/v1/hours', '503', '', down],
    ['/api/v1/hours/{hour}', '200', '2020-01-01T00', undefined],
    ['/api/v1/hours/{hour}', '400', 'yesterday', undefined],
    ['/api/v1/hours/{hour}', '404', '2001-01-15T00', undefined],
    ['/api/v1/hours/{hour}', '500', '2020-01-01T00', new Error('x')],
    ['/api/v1/hours/{hour}', '503', '2020-01-01T00', down],
    ['/api/v1/live', '400', '?wiki=EN', undefined],
    ['/api/v1/live', '404', '?wiki=nosuchwiki', undefined],
    ['/api/v1/live', '500', '?wiki=nosuchwiki', new Error('x')],
    ['/api/v1/live', '503', '?wiki=enwiki', undefined],
    ['/api/v1/pipeline', '200', '', undefined],
    ['/api/v1/pipeline', '400', '?wiki=enwiki', undefined],
    ['/api/v1/series', '200', '?wiki=enwiki,dewiki&minutes=60', undefined],
    ['/api/v1/series', '400', '?wiki=enwiki&step=2m', undefined],
    ['/api/v1/series', '404', '?wiki=nosuchwiki', undefined],
    ['/api/v1/series', '500', '?wiki=enwiki', new Error('x')],
    ['/api/v1/series', '503', '?wiki=enwiki', down],
    ['/api/v1/status', '200', '', undefined],
    ['/api/v1/status', '400', '?wiki=enwiki', undefined],
    ['/api/v1/status', '500', '', new Error('x')],
    ['/api/v1/status', '503', '', down],
    ['/api/v1/wikis', '200', '?limit=2000&sparkline=60', undefined],
    ['/api/v1/wikis', '400', '?sort=size', undefined],
    ['/api/v1/wikis', '500', '', new Error('x')],
    ['/api/v1/wikis', '503', '', down],
  ];

// What changes something: `backfill-runs.test.ts`.
test('every documented response of a read has a case', () => {
  const documented = Object.entries(description.paths).flatMap(([path, { get }]) =>
    Object.keys(get?.responses ?? {})
      // `rate-limits.test.ts`; what has no end: `live/live.int.test.ts`.
      .filter(status => status !== '429' && !(path === '/api/v1/live' && status === '200'))
      .map(status => `${path} ${status}`),
  );
  expect(cases.map(([path, status]) => `${path} ${status}`).sort()).toEqual(documented.sort());
});

describe('responses match their schema', () => {
  test.each(cases)('%s %s', async (path, status, query, failure) => {
    gold.failure = failure;
    const url = /\{(?:hour|wiki)\}/.test(path) ? path.replace(/\{\w+\}/, query) : `${path}${query}`;
    const response = await app.inject(url);
    expect(String(response.statusCode)).toBe(status);
    const [type = ''] = String(response.headers['content-type']).split(';');
    const documented = description.paths[path]?.get?.responses[status]?.content[type];
    expect(documented).toBeDefined();
    const schema = Compile({ ...documented?.schema, components: description.components });
    const body: unknown = type === 'application/atom+xml' ? response.body : response.json();
    expect(schema.Errors(body)).toEqual([true, []]);
    expect(schema.Check({ something: 'else' })).toBe(false);
  });
});

describe('/docs', () => {
  test('serves the Swagger page with its own assets', async () => {
    const page = await app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    expect((await app.inject('/docs/static/swagger-initializer.js')).statusCode).toBe(200);
    expect((await app.inject('/docs/json')).json()).toEqual(
      (await app.inject('/api/v1/openapi.json')).json(),
    );
  });
});
