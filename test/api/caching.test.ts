/** What may be kept, and for how long: every answer says so, and an unchanged one is not sent again. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { MAX_MINUTES } from '../../src/contracts/limits.ts';
import { MemoryGold, auditedHourOf } from './memory-gold.ts';
import { explanationOf } from './explained.ts';
import { anomalyOf } from './recorded.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');
const CURRENT = Date.parse('2026-11-20T10:05:00Z') / 1000;
const range = { from: '2026-11-20T09:10:00.000Z', to: '2026-11-20T09:20:00.000Z' };
const KEPT = [
  '/wikis',
  '/edits?wiki=enwiki',
  '/api/v1/wikis?limit=3',
  '/api/v1/series?wiki=enwiki',
  '/api/v1/series?wiki=enwiki&format=csv',
  '/api/v1/coverage?wiki=enwiki&minutes=180',
  '/api/v1/explain?wiki=enwiki&from=2026-11-20T09:10:00Z&to=2026-11-20T10:10:00Z',
  '/api/v1/anomalies?minutes=1440',
  '/api/v1/expectation?wiki=enwiki&minutes=60&step=1m',
  '/feeds/anomalies.atom',
  '/feeds/anomalies.json',
  '/feeds/enwiki.atom',
  '/feeds/enwiki.json',
  '/api/v1/gaps',
  '/api/v1/hours',
  '/api/v1/hours/2026-11-20T09',
  '/api/v1/backfills',
  '/api/v1/openapi.json',
];
/** Of these each answer is another one. */
const LIVE = ['/healthz', '/api/v1/status', '/api/v1/pipeline', '/api/v1/backfills/runs'];

let gold: MemoryGold;
let app: FastifyInstance;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wikigauge-dashboard-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html>');
  await writeFile(join(directory, 'assets', 'main-1a2b3c.js'), 'export {};');
  gold = new MemoryGold();
  gold.put('enwiki', CURRENT, 9, 3);
  gold.setAudits(auditedHourOf('2026-11-20T09'));
  app = await buildApp({
    gold,
    dashboardDir: directory,
    version: '1',
    now: () => NOW_MS,
    explain: async () => explanationOf((await gold.edits('enwiki', 0))[0]?.human),
    backfills: {
      list: async () => ({ kind: 'page', runs: [] }),
      start: async () => 'backfill-1',
      control: async () => ({ kind: 'accepted' }),
    },
  });
  return async () => {
    await app.close();
    await rm(directory, { recursive: true });
  };
});

describe.each(KEPT)('%s', url => {
  test('is kept, asked for each time, and sent again only when it has changed', async () => {
    const first = await app.inject(url);
    expect(first.headers['cache-control']).toBe('no-cache');
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[\w-]{16,}"$/);
    expect((await app.inject(url)).headers.etag).toBe(etag);
    for (const method of ['GET', 'HEAD'] as const)
      for (const seen of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await app.inject({ method, url, headers: { 'if-none-match': seen } });
        expect([again.statusCode, again.body]).toEqual([304, '']);
        expect(again.headers).toMatchObject({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' });
        expect(again.headers).not.toHaveProperty('content-type');
        expect(again.headers).not.toHaveProperty('content-length');
      }
    const other = await app.inject({ url, headers: { 'if-none-match': '"other"' } });
    expect([other.statusCode, other.body]).toEqual([200, first.body]);
  });

  test('has another tag once its values are others', async () => {
    const { etag } = (await app.inject(url)).headers;
    gold.put('dewiki', CURRENT, 1, 0);
    gold.put('enwiki', CURRENT, 10, 3);
    gold.setGaps({ id: 'a', cause: 'offsets', ...range });
    gold.setCoverage({ id: 'b', source: 'api', ...range, from: '2026-11-20T09:15:00.000Z' });
    gold.setAnomalies(anomalyOf());
    const [fromMs, toMs] = [Date.parse(range.from), Date.parse(range.to)];
    gold.setReads({ read: [{ fromMs, toMs }], pending: [] });
    gold.setAudits(auditedHourOf('2026-11-20T08'));
    const now = await app.inject({ url, headers: { 'if-none-match': String(etag) } });
    // What is usual follows from whole hours of other weeks.
    const isSame = url.endsWith('openapi.json') || url.startsWith('/api/v1/expectation');
    expect(now.statusCode).toBe(isSame ? 304 : 200);
  });

  test('is not kept when it is a problem', async () => {
    gold.failure = new Error('x');
    const answer = await app.inject({ url, headers: { 'if-none-match': '*' } });
    if (url.endsWith('openapi.json')) return;
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([500, 'no-store']);
    expect(answer.headers).not.toHaveProperty('etag');
  });
});

test.each([
  ...LIVE.map(url => ['GET', url] as const),
  ['GET', '/nowhere'],
  ['GET', '/edits?minutes=0'],
  ['POST', '/wikis'],
  ['POST', '/api/v1/backfills'],
  // In pieces, so nothing can tell beforehand whether it is the same.
  ['GET', `/edits?wiki=enwiki&minutes=${MAX_MINUTES}`],
] as const)('%s %s is not kept', async (method, url) => {
  const { headers, statusCode } = await app.inject({ method, url, headers: { 'if-none-match': '*' } });
  expect(statusCode).not.toBe(304);
  expect(headers['cache-control']).toBe('no-store');
  expect(headers).not.toHaveProperty('etag');
});

test('only files with a hash in their name never change', async () => {
  const described = Object.keys(
    (await app.inject('/api/v1/openapi.json')).json<{ paths: Record<string, object> }>().paths,
  );
  for (const url of [...described, ...KEPT, '/', '/docs', '/docs/static/swagger-ui.css']) {
    const policy = (await app.inject(url)).headers['cache-control'];
    expect([url, policy]).toEqual([url, expect.not.stringMatching(/immutable|max-age=[1-9]/)]);
  }
  expect((await app.inject('/assets/main-1a2b3c.js')).headers['cache-control']).toContain('immutable');
});

test('every read that is described is either kept or live', async () => {
  const { paths } = (await app.inject('/api/v1/openapi.json')).json<{ paths: Record<string, object> }>();
  const reads = Object.entries(paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
  // What has no end is not here: `live/live.int.test.ts`.
  const known = [...KEPT, ...LIVE, '/api/v1/live'].map(url =>
    (url.split('?', 1)[0] ?? '').replace('2026-11-20T09', '{hour}').replace('/feeds/enwiki', '/feeds/{wiki}'),
  );
  expect(reads.filter(path => !known.includes(path))).toEqual([]);
});
