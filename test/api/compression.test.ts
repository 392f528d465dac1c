/** Text is compressed for clients that accept it, whatever it comes from; caches and 304 know both forms. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import fastify from 'fastify';
import type { FastifyInstance, LightMyRequestResponse as Answer } from 'fastify';
import { beforeEach, describe, expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { acceptsGzip, registerCompression } from '../../src/api/plugins/compression.ts';
import { listen } from '../../src/api/server.ts';
import { MAX_MINUTES } from '../../src/contracts/limits.ts';
import { untilTrue } from '../support/until.ts';
import { MemoryGold } from './memory-gold.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');
const CURRENT = Date.parse('2026-11-20T10:05:00Z') / 1000;

let directory: string;
let gold: MemoryGold;
let app: FastifyInstance;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wikigauge-dashboard-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), `<!doctype html><p>${'word '.repeat(1_000)}`);
  for (const extension of ['js', 'css', 'svg', 'png'])
    await writeFile(join(directory, 'assets', `a-1a2b3c.${extension}`), '/* text */'.repeat(500));
  gold = new MemoryGold();
  for (let minute = 0; minute < 2_500; minute += 1) gold.put('enwiki', CURRENT - minute * 60, 9, 3, -5);
  app = await buildApp({ gold, dashboardDir: directory, version: '1', now: () => NOW_MS });
  return async () => {
    await app.close();
    await rm(directory, { recursive: true });
  };
});

/** What the client reads in the end. */
function textOf({ headers, rawPayload }: Answer): string {
  return String(headers['content-encoding'] === 'gzip' ? gunzipSync(rawPayload) : rawPayload);
}

const LONG = [
  ['/api/v1/series?wiki=enwiki&minutes=1440', 'application/json'],
  ['/api/v1/series?wiki=enwiki&minutes=1440&format=csv', 'text/csv'],
  ['/api/v1/series?wiki=enwiki&minutes=1440&format=ndjson', 'application/x-ndjson'],
  ['/edits?wiki=enwiki&minutes=1440', 'application/json'],
  [`/edits?wiki=enwiki&minutes=${MAX_MINUTES}`, 'application/json'],
  ['/api/v1/wikis', 'application/json'],
  ['/api/v1/openapi.json', 'application/json'],
  ['/', 'text/html'],
  ['/assets/a-1a2b3c.js', 'javascript'],
  ['/assets/a-1a2b3c.css', 'text/css'],
  ['/assets/a-1a2b3c.svg', 'image/svg+xml'],
  ['/docs/static/swagger-ui.css', 'text/css'],
] as const;

describe.each(LONG)('%s', (url, type) => {
  test('is the same text, compressed for who accepts it', async () => {
    const plain = await app.inject(url);
    const small = await app.inject({ url, headers: { 'accept-encoding': 'br, gzip;q=0.8' } });
    for (const { statusCode, headers } of [plain, small]) {
      expect([statusCode, headers.vary]).toEqual([200, 'accept-encoding']);
      expect(headers['content-type']).toContain(type);
    }
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    expect(textOf(small)).toBe(plain.body);
    const length = small.headers['content-length'];
    expect([undefined, String(small.rawPayload.length)]).toContain(length);
  });

  test('has one answer to HEAD and GET', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const [get, head] = [
      await app.inject({ url, headers }),
      await app.inject({ method: 'HEAD', url, headers }),
    ];
    expect([head.statusCode, head.body]).toEqual([200, '']);
    for (const name of ['content-encoding', 'content-type', 'vary', 'etag', 'cache-control'])
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
    expect([undefined, get.headers['content-length']]).toContain(head.headers['content-length']);
  });
});

test.each(['/api/v1/series?wiki=enwiki&minutes=1440', '/', '/assets/a-1a2b3c.js'])(
  '%s: a client that has one form already does not get it again',
  async url => {
    const ask = (headers: Record<string, string>): Promise<Answer> => app.inject({ url, headers });
    const plain = await ask({});
    const small = await ask({ 'accept-encoding': 'gzip' });
    const [strong, weak] = [String(plain.headers.etag), String(small.headers.etag)];
    expect(weak).toMatch(/^W\/"/);
    expect(strong.replace(/^W\//, '')).toBe(weak.slice(2));
    for (const seen of [strong, weak])
      for (const accepted of ['gzip', 'identity']) {
        const again = await ask({ 'if-none-match': seen, 'accept-encoding': accepted });
        expect([again.statusCode, again.body]).toEqual([304, '']);
        expect(again.headers.vary).toBe('accept-encoding');
        expect(again.headers['content-encoding']).toBeUndefined();
      }
  },
);

test.each([
  ['a short text', '/healthz', 'accept-encoding'],
  ['a problem', '/nowhere', 'accept-encoding'],
  ['a picture', '/assets/a-1a2b3c.png', undefined],
])('%s is left as it is', async (_, url, vary) => {
  const { headers } = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
  expect(headers['content-encoding']).toBeUndefined();
  expect(headers.vary).toBe(vary);
});

test('a part of a file is not asked for, and not sent', async () => {
  const headers = { range: 'bytes=0-9', 'accept-encoding': 'gzip' };
  const answer = await app.inject({ url: '/assets/a-1a2b3c.js', headers });
  expect([answer.statusCode, textOf(answer).length]).toEqual([200, 5_000]);
});

test('server-sent events are not held back', async () => {
  const events = fastify();
  registerCompression(events);
  events.get('/', async (_request, reply) =>
    reply.type('text/event-stream').send(Readable.from(['data: 1\n\n'])),
  );
  const { headers, body } = await events.inject({ url: '/', headers: { 'accept-encoding': 'gzip' } });
  expect([headers['content-encoding'], headers.vary, body]).toEqual([undefined, undefined, 'data: 1\n\n']);
});

test('what an answer that is not read comes from is closed', async () => {
  const source = new Readable({ read: () => void source.push('x'.repeat(100_000)) });
  const endless = fastify();
  registerCompression(endless);
  endless.get('/', async (_request, reply) => reply.type('text/plain').send(source));
  const server = await listen(endless, { HOST: '127.0.0.1', PORT: 0 });
  const asking = request(server.url, { headers: { 'accept-encoding': 'gzip' } }).end();
  asking.on('error', () => undefined);
  const [answer] = (await once(asking, 'response')) as [Readable];
  answer.once('error', () => undefined).destroy();
  expect(await untilTrue(() => source.destroyed)).toBe(true);
  await server.close();
});

test('a source that fails cuts the connection, and does not end the answer as if it were complete', async () => {
  const source = Readable.from(
    (function* () {
      yield 'x'.repeat(100_000);
      throw new Error('gone');
    })(),
  );
  const failing = fastify();
  registerCompression(failing);
  failing.get('/', async (_request, reply) => reply.type('text/plain').send(source));
  const server = await listen(failing, { HOST: '127.0.0.1', PORT: 0 });
  await expect(fetch(server.url).then(answer => answer.text())).rejects.toThrow('terminated');
  await server.close();
});

test.each([
  [undefined, false],
  ['', false],
  ['identity', false],
  ['br', false],
  ['gzip', true],
  ['GZIP', true],
  ['x-gzip', true],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['*', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000, *', false],
  ['identity;q=1, gzip;q=0.5', false],
  ['identity;q=0.5, gzip;q=1.0', true],
  ['gzip;q=nonsense', false],
])('Accept-Encoding %j: gzip is accepted %s', (header, accepted) => {
  expect(acceptsGzip(header)).toBe(accepted);
});
