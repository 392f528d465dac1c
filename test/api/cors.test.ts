/** Which pages of other origins may read, and that none may change anything. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance, LightMyRequestResponse as Answer } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { loadConfig } from '../../src/config/declarations.ts';
import { MemoryGold } from './memory-gold.ts';

const PAGE = 'https://example.org';
const CHANGES = ['/api/v1/backfills', '/api/v1/backfills/x/pause', '/api/v1/backfills/x/cancel'];
const READS = ['/wikis', '/edits?minutes=0', '/api/v1/series?wiki=enwiki', '/nowhere', '/%zz', '/healthz'];

let app: FastifyInstance;

function serve(corsOrigins?: readonly string[]): void {
  beforeEach(async () => {
    app = await buildApp({
      gold: new MemoryGold(),
      dashboardDir: 'not-built',
      version: '1',
      adminToken: 'a token',
      ...(corsOrigins !== undefined && { corsOrigins }),
    });
    return () => app.close();
  });
}

function preflight(url: string, method: string, origin = PAGE, wanted = 'if-none-match'): Promise<Answer> {
  const headers = {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': wanted,
  };
  return app.inject({ method: 'OPTIONS', url, headers });
}

const allowedBy = ({ headers }: Answer): unknown => headers['access-control-allow-origin'];

describe('by default', () => {
  serve();

  test.each(READS)('any page may read %s, with what it needs of the headers', async url => {
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await app.inject({ method, url, headers: { origin: PAGE } });
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'etag, x-request-id, ratelimit, ratelimit-policy, retry-after',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
      expect(String(answer.headers.vary)).not.toContain('origin');
    }
  });

  test.each([...READS, ...CHANGES])('a page may ask whether it may read %s', async url => {
    for (const method of ['GET', 'HEAD']) {
      if (url === '/%zz') return;
      const answer = await preflight(url, method);
      expect([answer.statusCode, answer.body]).toEqual([204, '']);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD',
        'access-control-allow-headers': 'cache-control, if-none-match, last-event-id, x-request-id',
        'access-control-max-age': '86400',
      });
    }
  });

  test.each(CHANGES)('no page of another origin may change anything: %s', async url => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'nonsense']) {
      const answer = await preflight(url, method, PAGE, 'authorization, content-type');
      expect([answer.statusCode, allowedBy(answer)]).toEqual([403, undefined]);
      expect(answer.json()).toMatchObject({ status: 403, detail: expect.stringContaining('another origin') });
    }
    const headers = { origin: PAGE, authorization: 'Bearer a token' };
    const answer = await app.inject({ method: 'POST', url, headers });
    expect([answer.statusCode, allowedBy(answer)]).toEqual([403, undefined]);
  });

  test('OPTIONS of a program is a method that no route has', async () => {
    const answer = await app.inject({ method: 'OPTIONS', url: '/wikis' });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('with CORS_ORIGINS', () => {
  serve([PAGE, 'http://127.0.0.1:8080']);

  test.each(READS)('only pages of these origins may read %s', async url => {
    for (const [origin, allowed] of [
      [PAGE, PAGE],
      ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
      ['http://127.0.0.1', undefined],
      ['https://example.org.evil.example', undefined],
      ['null', undefined],
      [undefined, undefined],
    ]) {
      const answer = await app.inject({ url, headers: origin === undefined ? {} : { origin } });
      expect([origin, allowedBy(answer)]).toEqual([origin, allowed]);
      // A cache keeps an answer for each origin, also for none.
      expect(String(answer.headers.vary)).toContain('origin');
    }
  });

  test.each([
    [PAGE, PAGE],
    ['https://example.com', undefined],
  ])('a page of %s that asks beforehand is told %s', async (origin, allowed) => {
    const answer = await preflight('/wikis', 'GET', origin);
    expect([answer.statusCode, allowedBy(answer), answer.headers.vary]).toEqual([204, allowed, 'origin']);
  });

  test('a program without an origin reads as before', async () => {
    const { statusCode, headers } = await app.inject({ url: '/wikis', headers: { 'if-none-match': '*' } });
    expect([statusCode, headers.vary]).toEqual([304, 'origin, accept-encoding']);
  });
});

describe('the setting', () => {
  test.each([
    [undefined, ['*']],
    ['*', ['*']],
    ['https://a.example', ['https://a.example']],
    ['https://a.example, http://b.example:8080', ['https://a.example', 'http://b.example:8080']],
  ])('%j is %j', (given, origins) => {
    expect(loadConfig({ CORS_ORIGINS: given }).CORS_ORIGINS).toEqual(origins);
  });

  test.each([
    'example.org',
    'https://example.org/',
    'https://example.org:443',
    'https://example.org/page',
    'ftp://example.org',
    'null',
    'https://*.example.org',
  ])('%s is no origin that a browser sends', given => {
    expect(() => loadConfig({ CORS_ORIGINS: given })).toThrow(
      /CORS_ORIGINS: expected .*https:\/\/example.org/,
    );
  });
});
