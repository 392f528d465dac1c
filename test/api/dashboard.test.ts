/** ⑧ The files of the dashboard and their headers. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { MemoryGold } from './memory-gold.ts';

let directory: string;
let app: FastifyInstance;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wikigauge-dashboard-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(directory, 'assets', 'main-1a2b3c.js'), 'export {};');
  app = await buildApp({ gold: new MemoryGold(), dashboardDir: directory, version: '1' });
  return async () => {
    await app.close();
    await rm(directory, { recursive: true });
  };
});

test('the page is revalidated, its hashed assets are cached', async () => {
  const page = await app.inject('/');
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('<title>page</title>');
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const again = await app.inject({ url: '/', headers: { 'if-none-match': String(page.headers.etag) } });
  expect(again.statusCode).toBe(304);
  const asset = await app.inject('/assets/main-1a2b3c.js');
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(asset.headers['content-type']).toContain('javascript');
  expect((await app.inject({ method: 'HEAD', url: '/' })).statusCode).toBe(200);
});

test('the page may only load from its own origin', async () => {
  const { headers } = await app.inject('/');
  expect(headers['content-security-policy']).toBe(
    "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'self';object-src 'none'",
  );
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  expect(headers).not.toHaveProperty('strict-transport-security');
});

test('only /embed may be in a frame of another site, and is the same page', async () => {
  const [page, embedded] = [await app.inject('/'), await app.inject('/embed?wiki=enwiki')];
  expect(embedded.statusCode).toBe(200);
  expect(embedded.body).toBe(page.body);
  expect(embedded.headers['cache-control']).toBe('no-cache');
  expect(page.headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN' });
  expect(embedded.headers).not.toHaveProperty('x-frame-options');
  expect(embedded.headers['content-security-policy']).toBe(
    String(page.headers['content-security-policy']).replace("frame-ancestors 'self'", 'frame-ancestors *'),
  );
  expect(embedded.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
});

test('nothing outside the directory is served', async () => {
  for (const url of ['/../secret', '/assets/%2e%2e/%2e%2e/secret', '/assets/..%2fsecret', '//etc/passwd']) {
    expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400);
  }
});

test('without a built page, `/` says how to build it and the routes work', async () => {
  const bare = await buildApp({
    gold: new MemoryGold(),
    dashboardDir: join(directory, 'none'),
    version: '1',
  });
  const page = await bare.inject('/');
  expect(page.statusCode).toBe(503);
  expect(page.body).toContain('npx vite build');
  expect((await bare.inject('/wikis')).statusCode).toBe(200);
  await bare.close();
});
