/** Every answer has the id of its request; problem documents and the log have the same. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { listen } from '../../src/api/server.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import { MemoryGold } from './memory-gold.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const GIVEN = 'trace_1.a-B';

let gold: MemoryGold;
let app: FastifyInstance;
let logged: Record<string, unknown>[];

beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'wikigauge-dashboard-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html>');
  await writeFile(join(directory, 'assets', 'main-1a2b3c.js'), 'export {};');
  gold = new MemoryGold();
  logged = [];
  const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
  app = await buildApp({
    gold,
    dashboardDir: directory,
    version: '1',
    log: pino({ level: 'info' }, { write }),
  });
  return async () => {
    await app.close();
    await rm(directory, { recursive: true });
  };
});

test.each([
  ['GET', '/wikis', 200],
  ['HEAD', '/wikis', 200],
  ['GET', '/api/v1/openapi.json', 200],
  ['GET', '/docs', 200],
  ['GET', '/docs/static/swagger-ui.css', 200],
  ['GET', '/', 200],
  ['GET', '/assets/main-1a2b3c.js', 200],
  ['GET', '/edits?minutes=0', 400],
  ['GET', '/%zz', 400],
  ['GET', '/nowhere', 404],
  ['POST', '/wikis', 405],
  ['POST', '/api/v1/backfills', 403],
  ['POST', `/api/v1/backfills/${'x'.repeat(200)}/pause`, 414],
] as const)('%s %s has the id that the request gives, or a new one', async (method, url, status) => {
  const named = await app.inject({ method, url, headers: { 'x-request-id': GIVEN } });
  expect([named.statusCode, named.headers['x-request-id']]).toEqual([status, GIVEN]);
  const ids = [await app.inject({ method, url }), await app.inject({ method, url })].map(
    ({ headers }) => headers['x-request-id'],
  );
  for (const id of ids) expect(id).toMatch(UUID);
  expect(new Set(ids).size).toBe(2);
});

test.each([
  ['empty', ''],
  ['too long', 'x'.repeat(65)],
  ['with a space', 'a b'],
  ['with a line break, as it is escaped in JSON', 'a\\nb'],
  ['with markup', '<script>'],
  ['with a letter beyond ASCII', 'é'],
  ['two of them', ['a', 'b']],
])('an id that is not harmless is replaced: %s', async (_, given) => {
  const { headers } = await app.inject({ url: '/wikis', headers: { 'x-request-id': given as string } });
  expect(headers['x-request-id']).toMatch(UUID);
});

test('a problem document has it as its instance', async () => {
  for (const url of ['/nowhere', '/edits?minutes=0', '/%zz']) {
    const answer = await app.inject({ url, headers: { 'x-request-id': GIVEN } });
    expect(answer.json()).toMatchObject({ instance: `urn:wikigauge:request:${GIVEN}` });
  }
});

test('the line of the log about a failure has it', async () => {
  gold.failure = new PipelineError('x', {
    code: 'postgres_unavailable',
    op: 'x',
    subject: 'x',
    retryable: true,
  });
  await app.inject({ url: '/wikis', headers: { 'x-request-id': GIVEN } });
  await app.inject({ url: '/healthz', headers: { 'x-request-id': GIVEN } });
  expect(logged.map(({ msg, reqId }) => [msg, reqId])).toEqual([
    ['request failed', GIVEN],
    ['gold does not respond', GIVEN],
  ]);
});

describe('a request that Node would answer', () => {
  /** What a connection receives until it is closed. */
  async function answerTo(text: string): Promise<string> {
    const server = await listen(app, { HOST: '127.0.0.1', PORT: 0 });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let all = '';
    socket.on('data', chunk => (all += String(chunk)));
    socket.on('error', () => undefined);
    socket.write(text);
    await once(socket, 'close');
    return all;
  }

  test.each([
    ['is no HTTP', 'hello\r\n\r\n', 400],
    ['has too many headers', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['names no host', 'GET /wikis HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ])('gets a problem document if it %s', async (_, text, status) => {
    const all = await answerTo(text);
    expect(all).toContain(`HTTP/1.1 ${status} `);
    expect(all.toLowerCase()).toContain('content-type: application/problem+json; charset=utf-8\r\n');
    const id = /^x-request-id: (.*)\r$/im.exec(all)?.[1];
    expect(id).toMatch(UUID);
    expect(JSON.parse(all.slice(all.indexOf('\r\n\r\n')))).toMatchObject({
      status,
      instance: `urn:wikigauge:request:${id}`,
    });
  });

  test('is answered as usual if it expects something', async () => {
    const all = await answerTo('GET /wikis HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n');
    expect(all).toContain('HTTP/1.1 200 OK');
    expect(all).toMatch(/^x-request-id: /im);
  });

  test('is answered without a host in HTTP/1.0, which has none', async () => {
    expect(await answerTo('GET /wikis HTTP/1.0\r\n\r\n')).toContain(' 200 OK');
  });
});
