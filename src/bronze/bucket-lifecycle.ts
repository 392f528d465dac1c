/** Reads and writes the lifecycle rules of a bucket. S3 can only replace all of them at once. */
import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import type { LifecycleRule, S3Client, TransitionDefaultMinimumObjectSize } from '@aws-sdk/client-s3';
import type { PipelineError } from '../contracts/errors.ts';
import { meaningOf } from '../store/s3-meaning.ts';
import { outcomeOf } from '../store/s3-watch.ts';
import { failureOf, saidBy } from '../store/s3-failure.ts';
import { openClient, placeOf } from '../store/s3.ts';
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
      if (meaningOf('read lifecycle', outcomeOf(error), placeOf(settings), Date.now()).kind === 'absent')
        return undefined;
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
  const place = placeOf(settings);
  const meaning = meaningOf(`${verb} lifecycle`, outcomeOf(error), place, Date.now());
  const isUnsupported = meaning.kind === 'person' && meaning.code === 'lifecycle_unsupported';
  const what = isUnsupported
    ? `${place.where} does not support lifecycle rules (501, not implemented); nothing was changed`
    : `cannot ${verb} the lifecycle rules of ${place.bucket} at ${place.where}: ${saidBy(error)}`;
  return failureOf(meaning, what, { op: `${verb} lifecycle`, subject: place.bucket, cause: error });
}
