/** What answers of S3 mean: one table of the calls, the statuses, the error codes and the bodies that stores send. */
import { describe, expect, test } from 'vitest';
import { bodyOf, wordsOf } from '../../src/store/s3-answer.ts';
import type { S3Answer, S3Operation } from '../../src/store/s3-answer.ts';
import { meaningOf } from '../../src/store/s3-meaning.ts';
import type { Meaning } from '../../src/store/s3-meaning.ts';

const PLACE = { bucket: 'wikis', region: 'us-east-1', where: 'http://s3.test' };
const NOW_MS = Date.parse('2026-11-26T12:00:00Z');
const PAGE = '<!DOCTYPE html><html><body>Sign in</body></html>';
const EMPTY = '';
const TAG = { etag: '"1"', 'x-amz-request-id': 'R' };
const AGO = { date: 'Thu, 26 Nov 2026 11:43:00 GMT' };

const error = (code: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message>${more}</Error>`;

function meaning(
  operation: S3Operation,
  status: number,
  body: string | undefined,
  headers: S3Answer['headers'] = {},
): Meaning {
  const answer = { status, headers, body: body === undefined ? ({ kind: 'unread' } as const) : bodyOf(body) };
  return meaningOf(operation, answer, PLACE, NOW_MS);
}

/** A kind, or the code of what a person has to do with a part of the hint. */
type Expected = Meaning['kind'] | readonly [string, string];

/** The call, what it is answered, what that means, and the headers of the answer. */
type Row = [S3Operation, number, string | undefined, Expected, S3Answer['headers']?];

const table: Row[] = [
  // Absence, and what only looks like it.
  ['get', 404, error('NoSuchKey'), 'absent'],
  ['get', 404, error('NotFound'), 'absent'],
  ['get', 404, error('NoSuchVersion'), 'absent'],
  ['get', 404, EMPTY, 'absent'],
  ['get', 404, PAGE, 'not_s3'],
  ['get', 404, '404 page not found', 'not_s3'],
  ['get', 404, '{"message":"no Route matched"}', 'not_s3'],
  ['get', 404, error('NoSuchBucket'), ['bucket_unavailable', 'Create bucket wikis']],
  ['get version', 404, error('NoSuchKey'), 'changed'],
  ['get version', 404, EMPTY, 'changed'],
  ['get version', 404, error('NoSuchBucket'), ['bucket_unavailable', 'BUCKET']],
  ['get version', 404, PAGE, 'not_s3'],
  ['replace', 404, error('NoSuchKey'), 'changed'],
  ['replace', 404, error('NoSuchBucket'), ['bucket_unavailable', 'BUCKET']],
  ['replace', 404, PAGE, 'not_s3'],
  ['create', 404, EMPTY, ['bucket_unavailable', 'BUCKET']],
  ['create', 404, PAGE, 'not_s3'],
  ['list', 404, error('NoSuchBucket'), ['bucket_unavailable', 'BUCKET']],
  ['list', 404, PAGE, 'not_s3'],
  ['delete', 404, error('NoSuchKey'), 'absent'],
  ['delete', 404, EMPTY, 'absent'],
  ['delete', 404, PAGE, 'not_s3'],
  ['find bucket', 404, undefined, 'absent'],
  ['create bucket', 404, PAGE, 'not_s3'],
  ['get', 404, error('NoSuchWebsite'), ['storage_refused', 'see its message']],
  ['read lifecycle', 404, error('NoSuchLifecycleConfiguration'), 'absent'],
  ['read lifecycle', 404, error('NoSuchBucket'), ['bucket_unavailable', 'BUCKET']],
  // Conditions.
  ['create', 412, error('PreconditionFailed'), 'exists'],
  ['create', 412, EMPTY, 'exists'],
  ['create', 409, error('ConditionalRequestConflict'), 'retry'],
  ['replace', 412, error('PreconditionFailed'), 'changed'],
  ['replace', 409, error('ConditionalRequestConflict'), 'changed'],
  ['get version', 412, error('PreconditionFailed'), 'changed'],
  ['get version', 416, error('InvalidRange'), 'changed'],
  ['create bucket', 409, error('BucketAlreadyOwnedByYou'), 'exists'],
  ['create bucket', 409, error('BucketAlreadyExists'), 'exists'],
  ['create', 501, error('NotImplemented'), ['conditional_write_unsupported', 'conditional writes']],
  ['create', 400, error('NotImplemented'), ['conditional_write_unsupported', 'conditional writes']],
  ['replace', 501, EMPTY, ['conditional_write_unsupported', 'conditional writes']],
  ['create', 501, PAGE, 'not_s3'],
  ['write lifecycle', 501, error('NotImplemented'), ['lifecycle_unsupported', 'scheduled job']],
  ['get', 501, error('NotImplemented'), ['storage_refused', 'another S3']],
  // Another region, or another address.
  [
    'list',
    301,
    error('PermanentRedirect'),
    ['storage_refused', 'AWS_REGION=eu-central-1'],
    region('eu-central-1'),
  ],
  ['get', 307, EMPTY, ['storage_refused', 'AWS_REGION=eu-west-1'], region('eu-west-1')],
  ['find bucket', 301, undefined, ['storage_refused', 'AWS_REGION=eu-west-1'], region('eu-west-1')],
  ['find bucket', 400, undefined, ['storage_refused', 'AWS_REGION=eu-west-1'], region('eu-west-1')],
  [
    'list',
    400,
    error('AuthorizationHeaderMalformed', '<Region>ap-south-1</Region>'),
    ['storage_refused', 'Bucket wikis is in region ap-south-1'],
  ],
  ['create', 307, error('TemporaryRedirect'), 'retry', region('us-east-1')],
  [
    'list',
    301,
    PAGE,
    ['storage_refused', 'https://s3.test:9000: set'],
    { location: 'https://s3.test:9000/wikis?X=secret' },
  ],
  ['list', 302, PAGE, 'not_s3', { location: '/login' }],
  // The keys, and the clock.
  ['get', 400, error('ExpiredToken'), ['storage_denied', 'The credentials expired']],
  ['list', 400, error('ExpiredToken'), ['storage_denied', 'The credentials expired']],
  ['get', 403, error('InvalidAccessKeyId'), ['storage_denied', 'AWS_ACCESS_KEY_ID']],
  ['get', 403, error('SignatureDoesNotMatch'), ['storage_denied', 'AWS_SECRET_ACCESS_KEY']],
  ['get', 403, error('RequestTimeTooSkewed'), ['storage_denied', 'off by 17 minutes, ahead of'], AGO],
  ['get', 403, error('RequestTimeTooSkewed'), ['storage_denied', 'Set the clock'], {}],
  ['create', 403, error('AccessDenied'), ['storage_denied', 'Allow s3:PutObject on bucket wikis']],
  ['delete', 403, error('AccessDenied'), ['storage_denied', 'Allow s3:DeleteObject']],
  ['find bucket', 403, undefined, ['storage_denied', 'Allow s3:ListBucket']],
  ['get', 403, PAGE, 'not_s3'],
  ['get', 401, EMPTY, ['storage_denied', 'Allow s3:GetObject']],
  ['create', 405, PAGE, 'not_s3'],
  ['create', 405, error('MethodNotAllowed'), ['storage_refused', 'rejects the request']],
  ['create', 400, error('InvalidRequest'), ['storage_refused', 'rejects the request']],
  ['write lifecycle', 400, error('MalformedXML'), ['bad_configuration', 'rule']],
  // What passes.
  ['get', 500, error('InternalError'), 'retry'],
  ['get', 503, error('SlowDown'), 'retry'],
  ['get', 502, PAGE, 'retry'],
  ['create', 507, EMPTY, 'retry'],
  ['list', 429, EMPTY, 'retry'],
  ['create', 400, error('RequestTimeout'), 'retry'],
  ['create', 400, error('BadDigest'), 'retry'],
  ['delete', 409, error('OperationAborted'), 'retry'],
  // Success, and what only looks like it.
  ['list', 200, '<?xml version="1.0"?><ListBucketResult xmlns="x"></ListBucketResult>', 'done'],
  ['list', 200, PAGE, 'not_s3'],
  ['list', 200, EMPTY, 'retry'],
  ['list', 200, error('InternalError'), 'retry'],
  ['list', 200, '{"items":[]}', 'not_s3'],
  ['list', 200, '<ListAllMyBucketsResult></ListAllMyBucketsResult>', 'not_s3'],
  ['create', 200, EMPTY, 'done'],
  ['create', 200, PAGE, 'not_s3'],
  ['create', 200, error('InternalError'), 'retry'],
  ['delete', 204, EMPTY, 'done'],
  ['delete', 200, PAGE, 'not_s3'],
  ['find bucket', 200, undefined, 'done'],
  ['get', 200, undefined, 'done'],
  ['get', 200, PAGE, 'not_s3'],
  ['get', 200, PAGE, 'not_s3', { etag: '"1"' }],
  ['get', 200, PAGE, 'done', TAG],
  ['get', 200, error('InternalError'), 'retry'],
  ['get', 200, error('InternalError'), 'done', TAG],
  ['get version', 206, undefined, 'done'],
];

function region(name: string): S3Answer['headers'] {
  return { 'x-amz-bucket-region': name };
}

function wanted(expected: Expected): object {
  if (typeof expected === 'string') return { kind: expected };
  const [code, words] = expected;
  return { kind: 'person', code, hint: expect.stringContaining(words) };
}

test.each<Row>(table)('%s answered %i %s means %j', (operation, status, body, expected, headers) => {
  const found = meaning(operation, status, body, headers);
  expect(found).toMatchObject(wanted(expected));
  // The query of an address can be a signature.
  expect(JSON.stringify(found)).not.toContain('secret');
});

test.each([
  ['CredentialsProviderError', 'person'],
  ['TokenProviderError', 'person'],
  ['TimeoutError', 'retry'],
  ['Error', 'retry'],
])('no answer but %s means %s', (name, kind) => {
  expect(meaningOf('get', { status: undefined, name }, PLACE, NOW_MS).kind).toBe(kind);
});

describe('a body', () => {
  test.each([
    ['\uFEFF<?xml version="1.0"?><!-- x --><a:Error><Code>A</Code></a:Error>', 'error'],
    ['<html lang="en">', 'html'],
    ['  <!doctype HTML>', 'html'],
    [' \n', 'empty'],
    ['<ListBucketResult/>', 'xml'],
    ['text', 'other'],
  ])('%j is %s', (text, kind) => expect(bodyOf(text).kind).toBe(kind));

  test('is quoted as it reads, when it is an error of S3', () => {
    const body = bodyOf('<Error><Code>A</Code><Message>region &#34;x&#34; &amp; &lt;y&gt;</Message></Error>');
    expect(wordsOf({ status: 400, headers: {}, body })).toBe('400 A: region "x" & <y>');
  });

  test('that is not of S3 is never quoted', () => {
    const answer = { status: 403, headers: {}, body: bodyOf(`${PAGE}private`) };
    expect(wordsOf(answer)).toBe('403 with an HTML page');
  });
});
