/** Reads and writes the lifecycle rules of a bucket. S3 can only replace all of them at once. */
import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import type { LifecycleRule, S3Client, TransitionDefaultMinimumObjectSize } from '@aws-sdk/client-s3';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import { isNamed, statusOf } from '../store/s3-verdict.ts';
import { endpointOf, openClient } from '../store/s3.ts';
import type { S3Settings } from '../config/places.ts';

/** The lifecycle configuration of a bucket. */
export interface BucketLifecycle {
  readonly rules: readonly LifecycleRule[];
  /** A setting next to the rules; S3 resets it when a write leaves it out. */
  readonly minimumSize?: TransitionDefaultMinimumObjectSize | undefined;
}

/** Reads the rules. @throws PipelineError `lifecycle_unsupported` at gateways without lifecycle rules */
export async function readLifecycle(settings: S3Settings): Promise<BucketLifecycle> {
  return withClient(settings, 'read', async client => {
    const command = new GetBucketLifecycleConfigurationCommand({ Bucket: settings.bucket });
    const response = await client.send(command).catch((error: unknown) => {
      if (isNamed(error, 'NoSuchLifecycleConfiguration')) return undefined;
      throw error;
    });
    return { rules: response?.Rules ?? [], minimumSize: response?.TransitionDefaultMinimumObjectSize };
  });
}

/** Replaces all rules. @throws PipelineError as `readLifecycle` */
export async function writeLifecycle(
  settings: S3Settings,
  { rules, minimumSize }: BucketLifecycle,
): Promise<void> {
  await withClient(settings, 'write', client =>
    client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: settings.bucket,
        LifecycleConfiguration: { Rules: [...rules] },
        TransitionDefaultMinimumObjectSize: minimumSize,
      }),
    ),
  );
}

async function withClient<T>(
  settings: S3Settings,
  verb: 'read' | 'write',
  use: (client: S3Client) => Promise<T>,
): Promise<T> {
  const client = openClient(settings);
  try {
    return await use(client);
  } catch (error) {
    throw failure(error, verb, settings);
  } finally {
    client.destroy();
  }
}

function failure(error: unknown, verb: 'read' | 'write', settings: S3Settings): PipelineError {
  const { bucket } = settings;
  const where = endpointOf(settings);
  const [code, hint] = verdict(error, bucket, where);
  const what =
    code === 'lifecycle_unsupported'
      ? `${where} does not support lifecycle rules (501, not implemented); nothing was changed`
      : `cannot ${verb} the lifecycle rules of ${bucket} at ${where}: ${messageOf(error)}`;
  return new PipelineError(what, {
    code,
    op: `${verb} lifecycle`,
    subject: bucket,
    retryable: code === 'storage_unavailable',
    hint,
    cause: error,
  });
}

function verdict(error: unknown, bucket: string, where: string): [ErrorCode, string] {
  const status = statusOf(error);
  if (status === 501)
    return [
      'lifecycle_unsupported',
      'Delete old objects under bronze/ and deadletter/ with a scheduled job of your own, or use an S3 with lifecycle rules (AWS, Ceph, MinIO).',
    ];
  if (status === 404)
    return ['bucket_unavailable', `Create bucket ${bucket} or correct BUCKET; a worker creates it at start.`];
  if (status === 401 || status === 403)
    return [
      'storage_denied',
      'Check the credentials: they need s3:GetLifecycleConfiguration and s3:PutLifecycleConfiguration.',
    ];
  if (status === 400)
    return [
      'bad_configuration',
      'S3 rejects a rule: see its message, and check the rules that are not ours.',
    ];
  return ['storage_unavailable', `Check that AWS_ENDPOINT_URL is correct and that ${where} is reachable.`];
}
