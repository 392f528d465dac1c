/**
 * What an answer of S3 means to the call that got it. All knowledge of statuses and error codes is here, in one pure
 * function: stores differ, and a status means different things to different calls.
 */
import type { ErrorCode } from '../contracts/errors.ts';
import { s3Problems } from './known-problems.ts';
import type { S3Answer, S3Operation } from './s3-answer.ts';

export type Meaning =
  | { readonly kind: 'done' }
  /** The object, the bucket, or the lifecycle configuration does not exist. */
  | { readonly kind: 'absent' }
  /** What was to be created is there already. */
  | { readonly kind: 'exists' }
  /** The version that was asked for is not the current one. */
  | { readonly kind: 'changed' }
  /** Time can repair it. */
  | { readonly kind: 'retry'; readonly hint: string }
  /** A person has to repair it; the hint says what. */
  | { readonly kind: 'person'; readonly code: ErrorCode; readonly hint: string }
  /** Something else than S3 has answered, such as a web server or a proxy. */
  | { readonly kind: 'not_s3'; readonly hint: string };

/** Where the call went, for the hints. */
export interface Place {
  readonly bucket: string;
  readonly region: string;
  /** As messages name it. */
  readonly where: string;
}

/** An answer, or the name of the error that came instead of one. */
export type Outcome = S3Answer | { readonly status: undefined; readonly name: string };

const DONE: Meaning = { kind: 'done' };
const ABSENT: Meaning = { kind: 'absent' };
const EXISTS: Meaning = { kind: 'exists' };
const CHANGED: Meaning = { kind: 'changed' };

/** The permission that each call needs, as AWS and most gateways name it. */
const PERMISSIONS: Readonly<Record<S3Operation, string>> = {
  get: 's3:GetObject (and s3:ListBucket: without it, an object that is missing is refused too)',
  'get version': 's3:GetObject',
  create: 's3:PutObject',
  replace: 's3:PutObject',
  delete: 's3:DeleteObject',
  list: 's3:ListBucket',
  'find bucket': 's3:ListBucket',
  'create bucket': 's3:CreateBucket',
  'read lifecycle': 's3:GetLifecycleConfiguration',
  'write lifecycle': 's3:PutLifecycleConfiguration',
};

const EXPIRED: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
]);
/** Refusals of the keys themselves; any other one is about what they may do. */
const WRONG_KEYS: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
]);
/** Errors of the SDK that finds no usable keys, before it sends anything. */
const NO_KEYS: ReadonlySet<string> = new Set(['CredentialsProviderError', 'TokenProviderError']);
/** Refusals that are about the moment, whatever their status. */
const PASSING: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'IncompleteBody',
  'BadDigest',
  'XAmzContentSHA256Mismatch',
  'OperationAborted',
  'ConditionalRequestConflict',
  'SlowDown',
  'RequestThrottled',
]);
const NOT_FOUND: ReadonlySet<string> = new Set(['', 'NoSuchKey', 'NotFound', 'NoSuchVersion']);
const SKEWED: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestExpired']);

/** @param nowMs this machine's time, to compare with the one in the answer */
export function meaningOf(operation: S3Operation, outcome: Outcome, place: Place, nowMs: number): Meaning {
  if (outcome.status === undefined) return meaningOfNoAnswer(outcome.name, place);
  if (outcome.status < 300) return meaningOfSuccess(operation, outcome, place);
  const { status, body } = outcome;
  const code = body.kind === 'error' ? body.code : '';
  const region = regionIn(outcome);
  if ((status < 400 || status === 400) && region !== undefined && region !== place.region)
    return person('storage_refused', s3Problems.otherRegion.remedy({ ...place, actual: region }));
  if (code === 'NoSuchBucket') return noBucket(place);
  if (EXPIRED.has(code)) return person('storage_denied', s3Problems.expired.remedy);
  if (SKEWED.has(code)) return person('storage_denied', clockHint(outcome, nowMs));
  if (WRONG_KEYS.has(code)) return person('storage_denied', s3Problems.wrongKeys.remedy({ code }));
  if (operation === 'create bucket' && (code === 'BucketAlreadyOwnedByYou' || code === 'BucketAlreadyExists'))
    return EXISTS;
  if (PASSING.has(code)) return operation === 'replace' && status === 409 ? CHANGED : retry(place);
  return meaningOfStatus(operation, outcome, code, place);
}

/** Whether the body of a successful GET may be something else than an object's bytes, so that it is worth a look. */
export function mayBeNoObject({ headers }: Pick<S3Answer, 'headers'>): boolean {
  const isText = /html|xml/i.test(headers['content-type'] ?? '');
  return isText && !(hasTag(headers) && isMarked(headers));
}

/**
 * Whether a PUT may have been rejected because it had no Content-MD5. AWS has no code of its own for that, so this can be
 * wrong: then the PUT is rejected again.
 */
export function asksForDigest(outcome: Outcome): boolean {
  if (outcome.status !== 400 || outcome.body.kind !== 'error') return false;
  return outcome.body.code === 'InvalidRequest' || outcome.body.code === 'MissingContentMD5';
}

function meaningOfNoAnswer(name: string, place: Place): Meaning {
  return NO_KEYS.has(name) ? person('storage_denied', s3Problems.noKeys.remedy) : retry(place);
}

function meaningOfSuccess(operation: S3Operation, { headers, body }: S3Answer, place: Place): Meaning {
  if (operation === 'get' || operation === 'get version') {
    // An object may contain anything, also a page: it has a tag, and S3's own headers.
    if (body.kind === 'error') return hasTag(headers) ? DONE : retry(place);
    if (body.kind === 'html') return hasTag(headers) && isMarked(headers) ? DONE : notS3(place);
    return DONE;
  }
  if (body.kind === 'html') return notS3(place);
  if (body.kind === 'error') return retry(place);
  if (operation !== 'list') return DONE;
  // Anything but a listing would pass for an empty one: a log that seems empty begins again at record 1.
  if (body.kind === 'xml' && /^List(?:Bucket|Objects)/.test(body.root)) return DONE;
  return body.kind === 'empty' ? retry(place) : notS3(place);
}

function meaningOfStatus(operation: S3Operation, answer: S3Answer, code: string, place: Place): Meaning {
  const { status, body } = answer;
  const isPage = body.kind === 'html';
  if (status < 400) return redirected(answer, place);
  if (status === 501 || code === 'NotImplemented')
    return isPage ? notS3(place) : unsupported(operation, place);
  if (status >= 500 || status === 408 || status === 429) return retry(place);
  if (status === 412) return operation === 'create' ? EXISTS : CHANGED;
  // The current version is shorter than the range.
  if (status === 416) return CHANGED;
  // Another writer is writing it at this moment.
  if (status === 409) return operation === 'replace' ? CHANGED : retry(place);
  if (isPage) return notS3(place);
  if (status === 404) return missing(operation, answer, code, place);
  if (status === 401 || status === 403)
    return person(
      'storage_denied',
      s3Problems.notAllowed.remedy({ permission: PERMISSIONS[operation], bucket: place.bucket }),
    );
  if (operation === 'write lifecycle') return person('bad_configuration', s3Problems.wrongRule.remedy);
  return rejected(place);
}

function missing(operation: S3Operation, { body }: S3Answer, code: string, place: Place): Meaning {
  if (body.kind === 'other') return notS3(place);
  if (operation === 'find bucket') return ABSENT;
  if (code === 'NoSuchLifecycleConfiguration') return ABSENT;
  const isObject = NOT_FOUND.has(code);
  if (isObject && (operation === 'get' || operation === 'delete')) return ABSENT;
  if (isObject && (operation === 'get version' || operation === 'replace')) return CHANGED;
  if (code === '' && operation !== 'create bucket') return noBucket(place);
  return body.kind === 'error' ? rejected(place) : notS3(place);
}

function redirected({ headers, body }: S3Answer, place: Place): Meaning {
  // A new bucket, for the hours until its name is known everywhere.
  if (body.kind === 'error' && body.code === 'TemporaryRedirect') return retry(place);
  const target = originOf(headers['location'] ?? '');
  return target === undefined
    ? notS3(place)
    : person('storage_refused', s3Problems.redirect.remedy({ where: place.where, target }));
}

/** Without path and query, which can contain a signature. */
function originOf(location: string): string | undefined {
  return URL.canParse(location) ? new URL(location).origin : undefined;
}

function unsupported(operation: S3Operation, { where }: Place): Meaning {
  if (operation === 'create' || operation === 'replace')
    return person('conditional_write_unsupported', s3Problems.noConditionalWrites.remedy);
  if (operation === 'read lifecycle' || operation === 'write lifecycle')
    return person('lifecycle_unsupported', s3Problems.noLifecycle.remedy);
  return person('storage_refused', s3Problems.unsupported.remedy({ where }));
}

function regionIn({ headers, body }: S3Answer): string | undefined {
  const region = headers['x-amz-bucket-region'] ?? (body.kind === 'error' ? body.region : undefined);
  return region === undefined || region === '' ? undefined : region;
}

function clockHint({ headers }: S3Answer, nowMs: number): string {
  const theirsMs = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(theirsMs)) return s3Problems.wrongClock.remedy({ off: 'differs too much from' });
  const offMs = nowMs - theirsMs;
  const direction = offMs > 0 ? 'ahead of' : 'behind';
  return s3Problems.wrongClock.remedy({ off: `is off by ${spanOf(Math.abs(offMs))}, ${direction}` });
}

function spanOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return `${Math.round(ms / 1000)} s`;
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

function hasTag(headers: S3Answer['headers']): boolean {
  return (headers['etag'] ?? '') !== '';
}

/** Web servers send tags too, but not these. */
function isMarked(headers: S3Answer['headers']): boolean {
  return Object.keys(headers).some(name => name.startsWith('x-amz-'));
}

function retry({ where }: Place): Meaning {
  return { kind: 'retry', hint: s3Problems.unreachable.remedy({ where }) };
}

function person(code: ErrorCode, hint: string): Meaning {
  return { kind: 'person', code, hint };
}

function rejected({ where }: Place): Meaning {
  return person('storage_refused', s3Problems.rejected.remedy({ where }));
}

function noBucket({ bucket }: Place): Meaning {
  return person('bucket_unavailable', s3Problems.noBucket.remedy({ bucket }));
}

function notS3({ where }: Place): Meaning {
  return { kind: 'not_s3', hint: s3Problems.notS3.remedy({ where }) };
}
