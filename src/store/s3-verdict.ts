/** What a failed call to S3 means: the code of its failure, and what a person can do about it. */
import { S3ServiceException } from '@aws-sdk/client-s3';
import type { ErrorCode } from '../contracts/errors.ts';

export interface Verdict {
  readonly code: ErrorCode;
  readonly hint: string;
}

/** The permission that each call needs, as AWS and most gateways name it. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  put: 's3:PutObject',
  get: 's3:GetObject (and s3:ListBucket: without it, an object that is missing is refused too)',
  list: 's3:ListBucket',
  delete: 's3:DeleteObject',
  'look for bucket': 's3:ListBucket',
};

/** Refusals of the keys themselves; any other one is about what they may do. */
const WRONG_KEYS: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
]);

/** @param op as failures name it @param where the store is */
export function verdictOf(error: unknown, op: string, bucket: string, where: string): Verdict {
  if (isNamed(error, 'NoSuchBucket'))
    return { code: 'bucket_unavailable', hint: `Create bucket ${bucket} or correct BUCKET.` };
  if (isNamed(error, 'CredentialsProviderError'))
    return {
      code: 'storage_denied',
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
    };
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : '';
  if (status === 401 || status === 403 || WRONG_KEYS.has(name))
    return { code: 'storage_denied', hint: adviceOn(name, op, bucket) };
  return {
    code: 'storage_unavailable',
    hint: `Check that AWS_ENDPOINT_URL is correct and that ${where} is reachable.`,
  };
}

function adviceOn(name: string, op: string, bucket: string): string {
  if (WRONG_KEYS.has(name))
    return `The keys are refused (${name}): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, to valid ones.`;
  if (name === 'RequestTimeTooSkewed')
    return 'Set the clock of this machine: it differs too much from that of S3.';
  const permission = PERMISSIONS[op] ?? 'permission to read, write, list and delete';
  return `Allow ${permission} on bucket ${bucket} in the policy of these keys, or in that of the bucket.`;
}

/** HTTP status of an error response of S3. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** Whether an error has this S3 error code. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
