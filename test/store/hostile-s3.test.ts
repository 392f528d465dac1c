/** Answers of stores in the wild, over a real socket: none is an endless retry, an empty listing, or a wrong object. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import { writeLifecycle } from '../../src/bronze/bucket-lifecycle.ts';
import type { S3Settings } from '../../src/config/places.ts';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { recentChange } from '../../src/recentchange/definition.ts';
import { listKeys } from '../../src/store/list-keys.ts';
import { persistently } from '../../src/store/persistently.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { HostileS3, errorXml } from '../support/hostile-s3.ts';
import type { S3Request, ScriptedAnswer } from '../support/hostile-s3.ts';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>Sign in<br></body></html>';
const TEXT = { contentType: 'text/plain' };

const EMPTY_LISTING = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';

let s3: HostileS3;
let store: S3ObjectStore;
let settings: S3Settings;

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  s3 = await HostileS3.open();
  settings = { bucket: 'wikis', region: 'us-east-1', endpoint: s3.endpoint };
  store = openS3(settings);
});
afterEach(async () => {
  store.close();
  await s3.close();
  vi.unstubAllEnvs();
});

/** Answers every request in the same way. */
function always(answer: ScriptedAnswer): void {
  s3.options = { script: () => answer };
}

const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  get: () => store.get('a'),
  readRange: () => store.readRange('a', '"1"', 0, 4),
  putIfAbsent: () => store.putIfAbsent('a', Buffer.from('x'), TEXT),
  replace: () => store.replace('a', '"1"', Buffer.from('x'), TEXT),
  list: () => listKeys(store, 'bronze/'),
  folders: () => store.folders('bronze/'),
  remove: () => store.remove('a'),
  prepare: () => store.prepare('x'),
  lifecycle: () => writeLifecycle(settings, { rules: [] }),
};
const calls = Object.entries(CALLS);

describe.each(calls)('%s', (name, call) => {
  test.each([301, 307, 400])('answered %i with the region of the bucket names that region', async status => {
    always({
      status,
      headers: { 'x-amz-bucket-region': 'eu-central-1' },
      body: errorXml('PermanentRedirect'),
    });
    const hint = expect.stringContaining('set AWS_REGION=eu-central-1');
    await expect(call()).rejects.toMatchObject({ code: 'storage_refused', retryable: false, hint });
  });

  test('answered 400 without headers names the region that the error names', async () => {
    always({ status: 400, body: errorXml('AuthorizationHeaderMalformed', '<Region>eu-west-1</Region>') });
    await expect(call()).rejects.toMatchObject({ hint: expect.stringContaining('AWS_REGION=eu-west-1') });
  });

  test('answered 404 with a page says that this is not S3, and is not retried', async () => {
    always({ status: 404, headers: HTML, body: PAGE });
    await expect(call()).rejects.toMatchObject({ code: 'not_s3', retryable: false });
    // A missing bucket is created first.
    expect(s3.requests.length).toBeLessThan(3);
  });

  test('answered 400 ExpiredToken says that the credentials expired', async () => {
    always({ status: 400, body: errorXml('ExpiredToken') });
    const hint = expect.stringContaining('credentials expired');
    await expect(call()).rejects.toMatchObject({ code: 'storage_denied', retryable: false, hint });
  });

  test('answered 403 RequestTimeTooSkewed says by how much the clock is off', async () => {
    const date = new Date(Date.now() - 3 * 3_600_000).toUTCString();
    always({ status: 403, headers: { date }, body: errorXml('RequestTimeTooSkewed') });
    const hint = expect.stringMatching(/clock of this machine: it is off by (?:3 hours|180 minutes), ahead/);
    await expect(call()).rejects.toMatchObject({ code: 'storage_denied', retryable: false, hint });
  });

  test('answered 200 with an HTML page says that this is not S3', async () => {
    always({ status: 200, headers: HTML, body: PAGE });
    await expect(call()).rejects.toMatchObject({ code: 'not_s3', retryable: false });
  });

  test('answered 200 with an error of S3 is retried', async () => {
    // A HEAD has no body; what follows it does.
    always({ status: 200, headers: { 'content-type': 'application/xml' }, body: errorXml('InternalError') });
    await expect(call()).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true });
  });

  test('never quotes a page', async () => {
    for (const status of [200, 302, 403, 404, 500]) {
      always({ status, headers: HTML, body: PAGE });
      const failure: unknown = await call().catch((error: unknown) => error);
      expect(String(failure)).not.toMatch(/Sign in|inspect the hidden field/);
    }
  });

  test.skipIf(name === 'lifecycle')(
    'answered 503 and then rightly succeeds when it is tried again',
    async () => {
      let left = 4;
      const script = (request: S3Request): ScriptedAnswer | undefined =>
        request.call !== 'HEAD' && left-- > 0 ? { status: 503, body: errorXml('SlowDown') } : undefined;
      s3.options = { script };
      const signal = AbortSignal.timeout(50_000);
      await persistently(call, { signal });
      expect(left).toBeLessThan(1);
    },
  );
});

describe('a store is refused at the start', () => {
  test.each([
    ['whose listings begin at the first key, wherever they are to begin', { ignoresStartAfter: true }],
    [
      'whose listings lack what was just written',
      {
        script: ({ call }: S3Request) => (call === 'LIST' ? { status: 200, body: EMPTY_LISTING } : undefined),
      },
    ],
  ])('%s', async (_, options) => {
    s3.options = options;
    await expect(store.prepare('probe')).rejects.toMatchObject({
      code: 'listing_unsupported',
      retryable: false,
    });
    expect([...s3.objects.keys()]).toEqual([]);
  });

  test('unless it lists as S3 does', async () => {
    await store.prepare('probe');
    expect([...s3.objects.keys()]).toEqual([]);
  });
});

test.each([
  ['an empty body', ''],
  ['a listing of something else', '<ListAllMyBucketsResult></ListAllMyBucketsResult>'],
  ['JSON', '{}'],
])('a listing answered 200 with %s is an error, never an empty bucket', async (_, body) => {
  s3.objects.set('bronze/a', Buffer.from('x'));
  always({ status: 200, body });
  await expect(listKeys(store, 'bronze/')).rejects.toThrow(/list bronze\/ at/);
  await expect(store.folders('bronze/')).rejects.toThrow(/list bronze\/ at/);
});

test.each([
  ['an empty body', ''],
  ['NotFound', errorXml('NotFound')],
  ['NoSuchKey', errorXml('NoSuchKey')],
])('a GET answered 404 with %s finds nothing', async (_, body) => {
  always({ status: 404, body });
  expect(await store.get('a')).toBeUndefined();
  expect(await store.readRange('a', '"1"', 0, 4)).toBeUndefined();
  expect(s3.requests).toHaveLength(2);
});

describe('a store that ignores ranges and answers 200 with the whole object', () => {
  beforeEach(() => {
    s3.options = { ignoresRanges: true };
    s3.objects.set('a', Buffer.from('0123456789'));
  });

  test('is read in slices', async () => {
    const etag = (await store.read('a'))?.etag ?? '';
    const range = async (start: number, end: number): Promise<string> =>
      Buffer.from((await store.readRange('a', etag, start, end)) ?? []).toString();
    expect(await range(2, 5)).toBe('234');
    expect(await range(0, 10)).toBe('0123456789');
    expect(await range(8, 12)).toBe('89');
  });

  test('and conditions too is never taken for the version that was asked for', async () => {
    s3.options = {
      script: ({ call }) =>
        call === 'GET' ? { status: 200, headers: { etag: '"other"' }, body: '9876543210' } : undefined,
    };
    expect(await store.readRange('a', '"1"', 2, 5)).toBeUndefined();
  });

  test('serves the days of gold', async () => {
    const gold = openS3Gold(store, () => Date.parse('2026-11-22T00:00:00Z'));
    const start = Date.parse('2026-11-20T00:00:00Z') / 1000;
    const source = { url: 'https://stream.test', simulated: true };
    for (const hour of [0, 1, 2, 3]) {
      const name = `2026-11-20T0${hour}`;
      const rows = [{ minute: start + hour * 3_600, wiki: 'enwiki', isBot: false, edits: 7, bytesChange: 1 }];
      await gold.apply({ key: `${hourPrefix(name)}part-000000000001-a.ndjson.gz`, hour: name, rows, source });
    }
    await gold.days?.compact('2026-11-20');
    expect(await gold.edits('enwiki', start)).toHaveLength(4);
    const ranges = s3.requests.filter(({ headers }) => headers.range !== undefined);
    expect(ranges.length).toBeGreaterThan(0);
  });
});

describe('an object with more bytes than its reader allows', () => {
  test.each([
    ['and a length', false],
    ['and without a length', true],
  ])('%s is final, and most of it is never read', async (_, isChunked) => {
    s3.options = { isChunked };
    s3.objects.set('a', Buffer.alloc(100_000_000));
    const failure = { code: 'object_unreadable', retryable: false, subject: 'a' };
    await expect(store.get('a', 1_000)).rejects.toMatchObject(failure);
    await expect(store.read('a', 1_000)).rejects.toMatchObject(failure);
    expect(s3.requests).toHaveLength(2);
    expect(s3.sentBytes).toBeLessThan(50_000_000);
  });

  test.each([false, true])('is read when it has exactly as many (chunked: %s)', async isChunked => {
    s3.options = { isChunked };
    s3.objects.set('a', Buffer.from('0123456789'));
    expect(Buffer.from((await store.get('a', 10))?.body ?? []).toString()).toBe('0123456789');
    await expect(store.get('a', 9)).rejects.toMatchObject({ code: 'object_unreadable' });
  });
});

test('an object that is a page is an object', async () => {
  s3.options = {
    script: ({ call }) =>
      call === 'GET'
        ? { status: 200, headers: { ...HTML, etag: '"1"', 'x-amz-request-id': 'R' }, body: PAGE }
        : undefined,
  };
  expect(Buffer.from((await store.get('a'))?.body ?? []).toString()).toBe(PAGE);
});

describe.each(['InvalidRequest', 'MissingContentMD5', 'MissingUploadObjectWithObjectLockHeaders'])(
  'a bucket whose Object Lock retains new objects by default, and says %s',
  code => {
    beforeEach(() => {
      s3.options = {
        script: ({ call, headers }) =>
          call === 'PUT' && headers['content-md5'] === undefined
            ? { status: 400, body: errorXml(code) }
            : undefined,
      };
    });
    const digests = (): unknown[] =>
      s3.requests.filter(({ call }) => call === 'PUT').map(({ headers }) => headers['content-md5']);

    test('gets digests once it has asked for them', async () => {
      expect(await store.putIfAbsent('a', Buffer.from('x'), TEXT)).toBe('created');
      expect(await store.replace('b', undefined, Buffer.from('y'), TEXT)).toBeDefined();
      expect(digests()).toEqual([undefined, 'ndTkYSaMgDT1yFZOFVxnpg==', 'QVKQdpWURg4uSFkikE80XQ==']);
    });

    test('gets them also for PUTs that were under way at that time', async () => {
      const puts = ['a', 'b', 'c'].map(key => store.putIfAbsent(key, Buffer.from(key), TEXT));
      expect(await Promise.all(puts)).toEqual(['created', 'created', 'created']);
    });

    test('is not asked again when that was not the reason', async () => {
      always({ status: 400, body: errorXml(code) });
      const put = () => store.putIfAbsent('a', Buffer.from('x'), TEXT);
      await expect(put()).rejects.toMatchObject({ code: 'storage_refused', retryable: false });
      await expect(put()).rejects.toMatchObject({ code: 'storage_refused', retryable: false });
      expect(digests()).toHaveLength(3);
    });
  },
);

test('a redirect names the address to set, without its query', async () => {
  always({ status: 308, headers: { location: 'https://s3.test:9000/wikis?X-Amz-Signature=abc' } });
  const failure: unknown = await store.get('a').catch((error: unknown) => error);
  expect(failure).toMatchObject({ hint: expect.stringContaining('redirects to https://s3.test:9000:') });
  expect(JSON.stringify(failure)).not.toContain('abc');
});

test('a log pauses between tries while a store says that a record exists and cannot be found', async () => {
  const { logKeys } = recentChange();
  let left = 12;
  s3.options = {
    script: ({ call, key }) => {
      if (key !== logKeys.keyOf(1) || left === 0) return undefined;
      if (call === 'PUT') return { status: 412, body: errorXml('PreconditionFailed') };
      left -= 1;
      return { status: 404, body: errorXml('NoSuchKey') };
    },
  };
  const pauses: number[] = [];
  const log = await CommitLog.open(
    store,
    logKeys,
    { attempt: 'a', workflowId: 'w', runId: 'r' },
    {
      signal: AbortSignal.timeout(60_000),
      onRetry: (_, pauseMs) => {
        pauses.push(pauseMs);
        // It recovers after a few tries.
        if (pauses.length === 4) left = 0;
      },
    },
  );
  expect(log.fence).toBe(1);
  expect(pauses.length).toBe(4);
});
