/** The bucket's lifecycle rules on S3: asked for, and set as a whole, which is the only way that S3 knows. */
import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import type { LifecycleRule, S3Client, TransitionDefaultMinimumObjectSize } from '@aws-sdk/client-s3';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import { endpointOf, isNamed, openClient, statusOf } from '../store/s3.ts';
import type { S3Settings } from '../config/places.ts';

/** What S3 has of a bucket. */
export interface BucketLifecycle {
  readonly rules: readonly LifecycleRule[];
  /** A setting beside the rules, which setting them without it would change. */
  readonly minimumSize?: TransitionDefaultMinimumObjectSize | undefined;
}

/** Asks for the rules. @throws PipelineError `lifecycle_unsupported` at gateways that know none */
export async function readLifecycle(settings: S3Settings): Promise<BucketLifecycle> {
  return withClient(settings, 'read', async client => {
    const question = new GetBucketLifecycleConfigurationCommand({ Bucket: settings.bucket });
    const answer = await client.send(question).catch((error: unknown) => {
      if (isNamed(error, 'NoSuchLifecycleConfiguration')) return undefined;
      throw error;
    });
    return { rules: answer?.Rules ?? [], minimumSize: answer?.TransitionDefaultMinimumObjectSize };
  });
}

/** Puts these rules in the place of all that there are. @throws PipelineError as `readLifecycle` */
export async function writeLifecycle(
  settings: S3Settings,
  { rules, minimumSize }: BucketLifecycle,
): Promise<void> {
  await withClient(settings, 'set', client =>
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
  verb: 'read' | 'set',
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

function failure(error: unknown, verb: 'read' | 'set', settings: S3Settings): PipelineError {
  const { bucket } = settings;
  const where = endpointOf(settings);
  const [code, hint] = verdict(error, bucket, where);
  const what =
    code === 'lifecycle_unsupported'
      ? `${where} has no lifecycle rules (it answers 501, not implemented); nothing was changed`
      : `lifecycle rules of ${bucket} at ${where} could not be ${verb}: ${messageOf(error)}`;
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
      'Nothing expires by itself there: delete old objects below bronze/ and deadletter/ with a timer of your own, or use an S3 that has lifecycle rules (AWS, Ceph, MinIO).',
    ];
  if (status === 404)
    return ['bucket_unavailable', `Make bucket ${bucket} or correct BUCKET; workers make it.`];
  if (status === 401 || status === 403)
    return [
      'storage_denied',
      'Check the keys and that they may s3:GetLifecycleConfiguration and s3:PutLifecycleConfiguration.',
    ];
  if (status === 400)
    return ['bad_configuration', 'S3 refuses a rule: see its message, and the rules that others have set.'];
  return ['storage_unavailable', `Check AWS_ENDPOINT_URL (${where}) and that it answers.`];
}
