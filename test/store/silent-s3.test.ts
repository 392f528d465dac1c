/** Answers that begin and then fall silent: each is a failure that can be retried, and never a wait without end. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listKeys } from '../../src/store/list-keys.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { persistently } from '../../src/store/persistently.ts';

const LISTING = '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
const IDLE_MS = 200;

let server: Server;
let store: S3ObjectStore;
/** Answers that are cut short, before one that is whole. */
let silentAnswers: number;

/** Half of the bytes that it announces, and then nothing. */
function half(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-length': body.length });
  response.write(body.slice(0, body.length / 2));
}

beforeEach(async () => {
  silentAnswers = Infinity;
  server = createServer((request, response) => {
    const body = request.url?.includes('list-type=2') === true ? LISTING : 'all of the bytes';
    silentAnswers -= 1;
    if (silentAnswers >= 0) half(response, body);
    else response.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  store = openS3({ bucket: 'bucket', region: 'us-east-1', endpoint }, '', IDLE_MS);
});
afterEach(() => {
  vi.unstubAllEnvs();
  store.close();
  server.closeAllConnections();
  server.close();
});

test.each([
  ['an object', () => store.get('bronze/a')],
  ['a range of an object', () => store.readRange('gold/a', '"1"', 0, 16)],
  ['a listing', () => listKeys(store, 'bronze/')],
  ['a listing of folders', () => store.folders('bronze/')],
  [
    'the answer to a PUT',
    () => store.putIfAbsent('bronze/a', Buffer.from('x'), { contentType: 'text/plain' }),
  ],
])('%s that falls silent half way fails so that it can be retried', async (_, ask) => {
  await expect(ask()).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true });
});

test('a retry gets the whole object', async () => {
  silentAnswers = 1;
  const retries: string[] = [];
  const object = await persistently(() => store.get('bronze/a'), {
    signal: new AbortController().signal,
    onRetry: ({ message }) => retries.push(message),
  });
  expect(Buffer.from(object?.body ?? []).toString()).toBe('all of the bytes');
  expect(retries).toEqual([expect.stringContaining('inactivity')]);
});
