/** The bucket's lifecycle rules on S3: asked for, and set as a whole, which is the only way that S3 knows. */
import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { LifecycleRule, TransitionDefaultMinimumObjectSize } from '@aws-sdk/client-s3';
import { PipelineError, messageOf } from '../core/pipeline-error.ts';
import type { ErrorCode } from '../core/pipeline-error.ts';
import { openClient } from './object-store-s3.ts';
import type { S3Settings } from './object-store-s3.ts';

/** What S3 has of a bucket. */
export interface BucketLifecycle {
  readonly rules: readonly LifecycleRule[];
  /** A setting beside the rules, which setting them without it would change. */
  readonly minimumSize?: TransitionDefaultMinimumObjectSize | undefined;
}

/** Asks for the rules. @throws PipelineError `lifecycle_unsupported` at gateways that know none */
export async function readLifecycle(settings: S3Settings): Promise<BucketLifecycle> {
  const client = openClient(settings);
  try {
    const answer = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: settings.bucket }));
    return { rules: answer.Rules ?? [], minimumSize: answer.TransitionDefaultMinimumObjectSize };
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchLifecycleConfiguration')
      return { rules: [] };
    throw failure(error, 'read', settings);
  } finally {
    client.destroy();
  }
}

/** Puts these rules in the place of all that there are. @throws PipelineError as `readLifecycle` */
export async function writeLifecycle(
  settings: S3Settings,
  { rules, minimumSize }: BucketLifecycle,
): Promise<void> {
  const client = openClient(settings);
  try {
    await client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: settings.bucket,
        LifecycleConfiguration: { Rules: [...rules] },
        TransitionDefaultMinimumObjectSize: minimumSize,
      }),
    );
  } catch (error) {
    throw failure(error, 'set', settings);
  } finally {
    client.destroy();
  }
}

function failure(
  error: unknown,
  verb: 'read' | 'set',
  { bucket, region, endpoint }: S3Settings,
): PipelineError {
  const where = endpoint ?? `S3 in ${region}`;
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
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
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
