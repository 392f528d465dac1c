/** Refusals of S3: what they mean, and what a person has to change. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listKeys } from '../../src/store/list-keys.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';

let server: Server;
let store: S3ObjectStore;
let refusal: { readonly status: number; readonly code: string };

beforeEach(async () => {
  refusal = { status: 403, code: 'AccessDenied' };
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(refusal.status, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><Error><Code>${refusal.code}</Code><Message>no</Message></Error>`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  store = openS3({ bucket: 'wikis', region: 'us-east-1', endpoint });
});
afterEach(() => {
  vi.unstubAllEnvs();
  store.close();
  server.closeAllConnections();
  server.close();
});

test.each<[string, string, () => Promise<unknown>]>([
  ['a PUT', 's3:PutObject', () => store.putIfAbsent('a', Buffer.from('x'), { contentType: 'text/plain' })],
  ['a GET', 's3:GetObject', () => store.get('a')],
  ['a listing', 's3:ListBucket', () => listKeys(store, 'bronze/')],
  ['a DELETE', 's3:DeleteObject', () => store.remove('a')],
])('%s that is denied names the permission %s', async (_, permission, ask) => {
  const hint = expect.stringContaining(`Allow ${permission}`);
  await expect(ask()).rejects.toMatchObject({ code: 'storage_denied', retryable: false, hint });
});

test.each([
  [403, 'InvalidAccessKeyId', 'AWS_ACCESS_KEY_ID'],
  [403, 'SignatureDoesNotMatch', 'AWS_SECRET_ACCESS_KEY'],
  [400, 'ExpiredToken', 'AWS_PROFILE'],
  [403, 'RequestTimeTooSkewed', 'clock'],
])('%i %s is not about permissions, but about %s', async (status, code, what) => {
  refusal = { status, code };
  const hint = expect.stringContaining(what);
  await expect(store.get('a')).rejects.toMatchObject({ code: 'storage_denied', hint });
  await expect(store.get('a')).rejects.not.toMatchObject({ hint: expect.stringContaining('Allow') });
});
