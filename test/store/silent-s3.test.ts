/** Answers that begin and then fall silent: each is a failure that can be retried, and never a wait without end. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listKeys } from '../../src/store/list-keys.ts';
import { SHOWN_SOON, openS3 } from '../../src/store/s3.ts';
import type { Patience, S3ObjectStore } from '../../src/store/s3.ts';
import { persistently } from '../../src/store/persistently.ts';

const LISTING = '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
const IDLE_MS = 200;

let server: Server;
let store: S3ObjectStore;
/** What the server does with a request; default: the answer above, whole or cut short. */
let answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
let requests: number;
/** Answers that are cut short, before one that is whole. */
let silentAnswers: number;

/** Half of the bytes that it announces, and then nothing. */
function half(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-length': body.length });
  response.write(body.slice(0, body.length / 2));
}

function open(patience: Patience): S3ObjectStore {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return openS3({ bucket: 'bucket', region: 'us-east-1', endpoint }, '', patience);
}

beforeEach(async () => {
  silentAnswers = Infinity;
  answer = undefined;
  requests = 0;
  server = createServer((request, response) => {
    requests += 1;
    if (answer !== undefined) return answer(request, response);
    const body = request.url?.includes('list-type=2') === true ? LISTING : 'all of the bytes';
    silentAnswers -= 1;
    if (silentAnswers >= 0) half(response, body);
    else response.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  store = open({ idleMs: IDLE_MS, attempts: 3 });
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
  expect(retries).toEqual([expect.stringContaining('silent')]);
});

describe('a store for a caller that shows each failure', () => {
  const PUT = { contentType: 'text/plain' };

  test('sends a request once, and says that the server was silent', async () => {
    store.close();
    store = open({ ...SHOWN_SOON, idleMs: IDLE_MS });
    answer = () => undefined;
    await expect(store.putIfAbsent('bronze/a', Buffer.from('x'), PUT)).rejects.toMatchObject({
      message: expect.stringContaining('S3: put bronze/a at http://127.0.0.1:'),
      code: 'storage_unavailable',
      retryable: true,
    });
    expect(requests).toBe(1);
  });

  test('waits for longer once it was silent, so that a server that is only slow works', async () => {
    store.close();
    store = open({ ...SHOWN_SOON, idleMs: IDLE_MS });
    answer = (_, response) => void setTimeout(() => response.end('late'), 5 * IDLE_MS);
    await expect(store.get('bronze/a')).rejects.toMatchObject({ message: expect.stringContaining('silent') });
    expect(Buffer.from((await store.get('bronze/a'))?.body ?? []).toString()).toBe('late');
  });
});

describe('slow is not silent:', () => {
  const PATIENCE: Patience = { idleMs: 3_000, attempts: 1 };

  test('an object whose bytes come one at a time', async () => {
    store.close();
    store = open(PATIENCE);
    answer = (_, response) => void dribble(response, 12);
    expect((await store.get('bronze/a'))?.body).toHaveLength(12);
  });

  test('a large part on a slow line', async () => {
    store.close();
    store = open(PATIENCE);
    answer = (request, response) => void takeSlowly(request).then(() => response.end());
    const body = new Uint8Array(48 << 20);
    expect(await store.putIfAbsent('bronze/a', body, { contentType: 'text/plain' })).toBe('created');
    expect(requests).toBe(1);
  });

  /** Takes longer than a silence may last. */
  async function dribble(response: ServerResponse, bytes: number): Promise<void> {
    response.writeHead(200, { 'content-length': bytes });
    for (let sent = 0; sent < bytes; sent += 1) {
      response.write('x');
      await sleep(PATIENCE.idleMs / 8);
    }
  }

  async function takeSlowly(request: IncomingMessage): Promise<void> {
    let taken = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      taken += chunk.length;
      if (taken < 4 << 20) continue;
      taken = 0;
      await sleep(PATIENCE.idleMs / 8);
    }
  }
});
