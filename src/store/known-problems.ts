/** What can be wrong with S3, and what to do about it. `s3-meaning.ts` says which answer means which of these. */
import type { KnownProblems, Words } from '../contracts/known-problems.ts';

export const s3Problems = {
  unreachable: {
    shows: 'no connection, silence, a status of 500 and above, 408 or 429, `SlowDown`',
    cause: 'The endpoint is down, overloaded, or not where AWS_ENDPOINT_URL says. The request is repeated.',
    remedy: ({ where }: Words<'where'>) =>
      `Check that AWS_ENDPOINT_URL is correct and that ${where} is reachable.`,
  },
  notS3: {
    shows: 'an HTML page, or a body that is not the answer of S3, with any status',
    cause: 'A console, a web server or a proxy answers in the place of S3.',
    remedy: ({ where }: Words<'where'>) =>
      `This is not S3: a web server or a proxy answers at ${where}. Check AWS_ENDPOINT_URL (host and port of the S3 interface, not of a console) and the proxy settings.`,
  },
  otherRegion: {
    shows: '301, 307 or 400 that names another region',
    cause: 'The bucket is in another region than AWS_REGION.',
    remedy: ({ bucket, actual, where, region }: Words<'bucket' | 'actual' | 'where' | 'region'>) =>
      `Bucket ${bucket} is in region ${actual}, and this request went to ${where} in region ${region}: set AWS_REGION=${actual}.`,
  },
  redirect: {
    shows: '3xx with another address',
    cause: 'Something in front of S3 redirects. Signed requests cannot be sent elsewhere.',
    remedy: ({ where, target }: Words<'where' | 'target'>) =>
      `${where} redirects to ${target}: set AWS_ENDPOINT_URL to the address that answers itself.`,
  },
  noBucket: {
    shows: '404 `NoSuchBucket`',
    cause: 'The bucket was deleted, or BUCKET names another one.',
    remedy: ({ bucket }: Words<'bucket'>) =>
      `Create bucket ${bucket} or correct BUCKET; a worker creates it at start.`,
  },
  bucketNotCreated: {
    shows: ({ bucket, where }: Words<'bucket' | 'where'>) =>
      `bucket ${bucket} does not exist at ${where} and could not be created`,
    cause: 'The keys may not create buckets, or the name belongs to somebody else.',
    remedy: 'Create the bucket by hand, set BUCKET to another one, or allow s3:CreateBucket.',
  },
  noKeys: {
    shows: '`CredentialsProviderError`',
    cause: 'No keys were found, or the single sign-on of the profile has ended.',
    remedy:
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; if it uses single sign-on, run: aws sso login.',
  },
  expired: {
    shows: '`ExpiredToken`, `TokenRefreshRequired`',
    cause: 'Temporary credentials have ended.',
    remedy:
      'The credentials expired: log in again (with AWS_PROFILE: aws sso login), or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to new ones and restart.',
  },
  wrongKeys: {
    shows: '`InvalidAccessKeyId`, `SignatureDoesNotMatch`, `InvalidToken`',
    cause: 'S3 does not know the keys, or the secret does not belong to them.',
    remedy: ({ code }: Words<'code'>) =>
      `The keys are refused (${code}): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, to valid ones.`,
  },
  wrongClock: {
    shows: '`RequestTimeTooSkewed`, `RequestExpired`',
    cause: 'Signatures hold for a few minutes, and the clocks differ by more.',
    remedy: ({ off }: Words<'off'>) => `Set the clock of this machine: it ${off} that of S3.`,
  },
  notAllowed: {
    shows: '401 or 403, usually `AccessDenied`',
    cause: 'The keys are valid and lack a permission.',
    remedy: ({ permission, bucket }: Words<'permission' | 'bucket'>) =>
      `Allow ${permission} on bucket ${bucket} in the policy of these keys, or in that of the bucket.`,
  },
  rejected: {
    shows: '400 and other refusals',
    cause: 'The endpoint does not understand the request as S3 does.',
    remedy: ({ where }: Words<'where'>) =>
      `${where} rejects the request: see its message. Check that AWS_ENDPOINT_URL and AWS_REGION are those of the bucket, and that it is an S3 with conditional writes.`,
  },
  noConditionalWrites: {
    shows: ({ where, header }: Words<'where' | 'header'>) => `${where} does not support ${header} on PUT`,
    cause: 'The endpoint ignores the header, or answers 501.',
    remedy:
      'Use an endpoint with conditional writes (AWS S3, versitygw, a recent Ceph): without them two writers could overwrite each other.',
  },
  noLifecycle: {
    shows: '501 `NotImplemented` to `npm run lifecycle`',
    cause: 'The endpoint has no lifecycle rules.',
    remedy:
      'Delete old objects under bronze/ and deadletter/ with a scheduled job of your own, or use an S3 with lifecycle rules (AWS, Ceph, MinIO).',
  },
  wrongRule: {
    shows: '400 to `npm run lifecycle`',
    cause: 'The bucket has rules of others, and one of them is invalid beside ours.',
    remedy: 'S3 rejects a rule: see its message, and check the rules that are not ours.',
  },
  unsupported: {
    shows: '501 `NotImplemented` to another call',
    cause: 'The endpoint lacks a part of S3 that is needed.',
    remedy: ({ where }: Words<'where'>) => `${where} cannot do this: use another S3.`,
  },
  wrongListing: {
    shows: ({ where }: Words<'where'>) => `${where} does not list objects as S3 does`,
    cause:
      'A listing lacks an object that was written before it, or begins before the key that it is to begin after (`start-after`).',
    remedy:
      'Use an endpoint that lists as S3 does (docs/stores.md has a table): the log is read by such listings.',
  },
  endlessListing: {
    shows: 'the answer says that there are more keys, but has neither a key nor a new continuation token',
    cause: 'The endpoint does not page listings as S3 does.',
    remedy:
      'The listing is retried. If this stays, the endpoint does not page as S3 does: report it to its maker, or use another one.',
  },
  tooLarge: {
    shows: ({ key, bytes, most }: Words<'key' | 'bytes' | 'most'>) =>
      `${key} has ${bytes} bytes: no more than ${most} are read`,
    cause: 'It would fill the memory of its reader.',
    remedy: 'Nothing that wikigauge writes there is as large. Find out who wrote it, and move it away.',
  },
  leaseLost: {
    shows: ({ key }: Words<'key'>) =>
      `lease ${key} could not be renewed in time; another process may have taken it`,
    cause: 'S3 or this machine was too slow, or the machine was suspended.',
    remedy: 'Run the command again.',
  },
} satisfies KnownProblems;
