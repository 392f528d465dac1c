/** The counting proxy in front of the real gateway: it counts what the project's own store requests through it. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { S3Counter } from '../../../dev/costs/s3-counter.ts';
import { openS3 } from '../../../src/store/s3.ts';
import type { S3ObjectStore } from '../../../src/store/s3.ts';
import { openWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';

const TEXT = { contentType: 'text/plain' };
const HOUR = 'yyyy=2026/mm=11/dd=20/hh=10';

let world: World;
let counter: S3Counter;
let store: S3ObjectStore;

beforeAll(async () => {
  world = await openWorld({ gold: 's3' });
  counter = await S3Counter.open(world.env['AWS_ENDPOINT_URL'] ?? '');
  store = openS3({ bucket: world.env['BUCKET'] ?? '', region: 'us-east-1', endpoint: counter.endpoint });
});
afterAll(async () => {
  store.close();
  await counter.close();
  await world.close();
});
afterEach(() => counter.reset());

test('counts writes, reads and deletions, by place and with their bytes', async () => {
  const body = randomBytes(70_000);
  await store.putIfAbsent(`bronze/${HOUR}/part-1.ndjson.gz`, body, TEXT);
  await store.putIfAbsent('bronze/_log/recentchange/000000000001.json', Buffer.from('{}'), TEXT);
  const read = await store.get(`bronze/${HOUR}/part-1.ndjson.gz`);
  expect(read?.body).toEqual(new Uint8Array(body));
  await store.remove(`bronze/${HOUR}/part-1.ndjson.gz`);
  const none = { bytesIn: 0, bytesOut: 0 };
  expect(counter.counts).toEqual([
    { request: 'put', place: 'bronze', requests: 1, bytesIn: 70_000, bytesOut: 0 },
    { request: 'put', place: 'bronze/_log', requests: 1, bytesIn: 2, bytesOut: 0 },
    { request: 'get', place: 'bronze', requests: 1, bytesIn: 0, bytesOut: 70_000 },
    { request: 'delete', place: 'bronze', requests: 1, ...none },
  ]);
});

test('refused requests count too', async () => {
  const key = `gold/edits_per_min/${HOUR}/edits.parquet`;
  await store.replace(key, undefined, Buffer.from('first'), TEXT);
  expect(await store.replace(key, undefined, Buffer.from('second'), TEXT)).toBeUndefined();
  expect(await store.read(`gold/edits_per_min_daily/${HOUR.slice(0, 21)}/edits.parquet`)).toBeUndefined();
  expect(counter.counts.map(({ request, place, requests }) => [request, place, requests])).toEqual([
    ['put', 'gold/edits_per_min', 2],
    ['get', 'gold/edits_per_min_daily', 1],
  ]);
});

test('a listing counts once per page, under its prefix', async () => {
  for (let i = 0; i < 1_001; i += 91) {
    const numbers = Array.from({ length: 91 }, (_, j) => i + j);
    await Promise.all(
      numbers.map(n => world.store.putIfAbsent(`deadletter/${n}`, Buffer.from(String(n)), TEXT)),
    );
  }
  let keys = 0;
  for await (const page of store.list('deadletter/')) keys += page.length;
  await store.folders('bronze/');
  expect(keys).toBe(1_001);
  expect(counter.counts.map(({ request, place, requests }) => [request, place, requests])).toEqual([
    ['list', 'deadletter', 2],
    ['list', 'bronze', 1],
  ]);
  expect(counter.counts[0]?.bytesOut).toBeGreaterThan(100_000);
});

test('large objects pass unchanged, also in parallel', async () => {
  const body = randomBytes(5 << 20);
  await store.putIfAbsent(`bronze/${HOUR}/part-2.ndjson.gz`, body, TEXT);
  const read = await Promise.all(
    Array.from({ length: 8 }, () => store.get(`bronze/${HOUR}/part-2.ndjson.gz`)),
  );
  expect(read.every(object => object !== undefined && body.equals(object.body))).toBe(true);
  expect(counter.counts).toEqual([
    { request: 'put', place: 'bronze', requests: 1, bytesIn: body.length, bytesOut: 0 },
    { request: 'get', place: 'bronze', requests: 8, bytesIn: 0, bytesOut: 8 * body.length },
  ]);
});

test('requests that the endpoint does not answer are not counted', async () => {
  const away = await S3Counter.open('http://127.0.0.1:9');
  const unreachable = openS3({ bucket: 'nowhere', region: 'us-east-1', endpoint: away.endpoint });
  await expect(unreachable.get('bronze/x')).rejects.toMatchObject({ code: 'storage_unavailable' });
  expect(away.counts).toEqual([]);
  unreachable.close();
  await away.close();
});
