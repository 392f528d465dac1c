/** Listings as stores answer them: pages that are empty and yet not the last, with tokens and without. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import { recentChange } from '../../src/recentchange/definition.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';

interface Page {
  readonly keys?: readonly string[];
  readonly folders?: readonly string[];
  readonly isTruncated?: boolean;
  readonly token?: string;
}

let server: Server;
let store: S3ObjectStore;
/** Query of each listing, without what all of them share. */
let asked: Record<string, string>[];
/** The answer to each listing in turn. */
let pages: Page[];
/** Bodies by key. */
let objects: Map<string, string>;

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  asked = [];
  pages = [];
  objects = new Map();
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
    const key = decodeURIComponent(pathname.slice('/bucket/'.length));
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'PUT') {
        const exists = objects.has(key);
        if (!exists) objects.set(key, body);
        return response.writeHead(exists ? 412 : 200, { etag: '"1"' }).end();
      }
      if (!searchParams.has('list-type')) {
        const found = objects.get(key);
        return response.writeHead(found === undefined ? 404 : 200).end(found ?? error('NoSuchKey'));
      }
      const { 'start-after': after, 'continuation-token': token } = Object.fromEntries(searchParams);
      asked.push({ ...(after !== undefined && { after }), ...(token !== undefined && { token }) });
      return response.end(xml(pages.shift() ?? {}));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  store = openS3({ bucket: 'bucket', region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` });
});

afterEach(async () => {
  store.close();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  vi.unstubAllEnvs();
});

const error = (code: string): string => `<Error><Code>${code}</Code></Error>`;

function xml({ keys = [], folders = [], isTruncated = false, token }: Page): string {
  return [
    `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>`,
    token === undefined ? '' : `<NextContinuationToken>${token}</NextContinuationToken>`,
    ...keys.map(key => `<Contents><Key>${key}</Key></Contents>`),
    ...folders.map(folder => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`),
    '</ListBucketResult>',
  ].join('');
}

async function listed(prefix = 'a/'): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of store.list(prefix)) keys.push(...page);
  return keys;
}

describe('a listing', () => {
  test('continues after a page that is empty but truncated', async () => {
    pages = [
      { isTruncated: true, token: 'one' },
      { isTruncated: true, token: 'two' },
      { keys: ['a/1'], isTruncated: true, token: 'three' },
      { isTruncated: true, token: 'four' },
      { keys: ['a/2'] },
    ];
    expect(await listed()).toEqual(['a/1', 'a/2']);
    expect(asked.map(({ token }) => token)).toEqual([undefined, 'one', 'two', 'three', 'four']);
  });

  test('of folders continues in the same way', async () => {
    pages = [
      { isTruncated: true, token: 'one' },
      { folders: ['a/x/'], isTruncated: true, token: 'two' },
      { keys: ['a/y'], isTruncated: true, token: 'three' },
      { folders: ['a/z/'] },
    ];
    expect(await store.folders('a/')).toEqual(['x/', 'z/']);
    expect(asked.map(({ token }) => token)).toEqual([undefined, 'one', 'two', 'three']);
  });

  test('continues after the last name where the store gives no token, or an old one', async () => {
    pages = [
      { keys: ['a/1'], isTruncated: true },
      { keys: ['a/2'], isTruncated: true, token: 'one' },
      { keys: ['a/3'], isTruncated: true, token: 'one' },
      { keys: ['a/4'] },
    ];
    expect(await listed()).toEqual(['a/1', 'a/2', 'a/3', 'a/4']);
    expect(asked).toEqual([{}, { after: 'a/1' }, { token: 'one' }, { after: 'a/3' }]);
  });

  test('of folders continues behind the last one where the store gives no token', async () => {
    pages = [{ folders: ['a/x/'], isTruncated: true }, { folders: ['a/z/'] }];
    expect(await store.folders('a/')).toEqual(['x/', 'z/']);
    expect(asked).toEqual([{}, { after: 'a/x/\u{10FFFF}' }]);
  });

  test.each<[string, Page[]]>([
    ['empty, without a token', [{ isTruncated: true }]],
    [
      'empty, always with the same token',
      Array.from({ length: 9 }, () => ({ isTruncated: true, token: 't' })),
    ],
    ['the same keys again', Array.from({ length: 9 }, () => ({ keys: ['a/1'], isTruncated: true }))],
  ])('that is truncated and cannot continue fails and says so: %s', async (_, answers) => {
    pages = [...answers];
    const failure = { code: 'storage_unavailable', op: 'list', subject: 'a/', retryable: true };
    await expect(listed()).rejects.toMatchObject(failure);
    pages = [...answers];
    await expect(store.folders('a/')).rejects.toThrow(/says that there are more keys/);
    expect(asked.length).toBeLessThan(6);
  });
});

test('a log is found behind an empty page of expired records', async () => {
  const { logKeys } = recentChange();
  const record = {
    version: 1,
    sequence: 5003,
    epoch: 5000,
    kind: 'commit',
    cursor: { topics: { t: { partition: 0, timestampMs: 1 } } },
    storedToMs: 0,
  };
  objects.set(logKeys.keyOf(5003), JSON.stringify(record));
  pages = [{ isTruncated: true, token: 'one' }, { keys: [logKeys.keyOf(5003)] }];
  const writer = { attempt: 'new', workflowId: 'w', runId: 'r' };
  const log = await CommitLog.open(store, logKeys, writer, { signal: AbortSignal.timeout(60_000) });
  expect(log.fence).toBe(5004);
  expect(log.tail.cursor).toEqual(record.cursor);
});
