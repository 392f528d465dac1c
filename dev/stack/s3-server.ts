/**
 * A real S3 gateway over a folder: versitygw with its posix backend. Objects are plain files, and conditional writes are
 * atomic.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, NotFound, S3Client } from '@aws-sdk/client-s3';
import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { startChild } from './child.ts';
import { LOOPBACK } from './ports.ts';
import { s3KeysOf } from './s3-keys.ts';
import type { S3Keys } from './s3-keys.ts';
import type { RunningServer, ServerSettings } from './server-settings.ts';

export interface S3Settings extends ServerSettings {
  readonly binary: string;
  readonly region: string;
  readonly bucket: string;
}

/** Starts the gateway, waits until it answers a signed request, and creates the bucket if it is missing. */
export async function startS3(settings: S3Settings): Promise<RunningServer> {
  const objects = join(settings.home, 's3');
  // Must not start with the name of the objects' folder: the gateway would take it for a folder inside that one.
  const sidecar = join(settings.home, 'object-metadata');
  await mkdir(objects, { recursive: true });
  // The gateway makes its files readable by all, so nobody else may enter the folder.
  await chmod(objects, 0o700);
  if (existsSync(sidecar)) return start(settings, objects, sidecar);
  try {
    return await start(settings, objects, undefined);
  } catch (error) {
    // The gateway keeps metadata in extended file attributes. Not every file system has them, and Node cannot check for
    // them; the gateway does at start, but reports it only in its log.
    if (!(error instanceof Error && error.message.includes('xattrs are not supported'))) throw error;
    await mkdir(sidecar);
    return start(settings, objects, sidecar);
  }
}

async function start(
  settings: S3Settings,
  objects: string,
  sidecar: string | undefined,
): Promise<RunningServer> {
  const { home, port, region } = settings;
  const keys = s3KeysOf(home);
  const child = await startChild({
    name: 's3',
    command: settings.binary,
    args: [
      `--port=${LOOPBACK}:${port}`,
      `--region=${region}`,
      '--quiet',
      'posix',
      ...(sidecar === undefined ? [] : [`--sidecar=${sidecar}`]),
      objects,
    ],
    env: {
      // VGW_* variables of a user's own gateway would change this one.
      ...Object.fromEntries(Object.entries(settings.env).filter(([name]) => !name.startsWith('VGW_'))),
      ROOT_ACCESS_KEY_ID: keys.accessKeyId,
      ROOT_SECRET_ACCESS_KEY: keys.secretAccessKey,
    },
    cwd: home,
    logFile: join(home, 'logs', 's3.log'),
    ready: () => ensureBucket(settings, keys),
    stopTimeoutMs: 10_000,
    stopOrder: 2,
    onSpawn: pid => settings.onSpawn('s3', pid),
    signal: settings.signal,
  });
  const address = `${LOOPBACK}:${port}`;
  const env = {
    AWS_ENDPOINT_URL: `http://${address}`,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  return { child, address, env };
}

async function ensureBucket({ port, region, bucket }: S3Settings, credentials: S3Keys): Promise<void> {
  const client = new S3Client({
    endpoint: `http://${LOOPBACK}:${port}`,
    region,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    const elsewhere = {
      CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
    };
    await client.send(
      new CreateBucketCommand({ Bucket: bucket, ...(region === 'us-east-1' ? {} : elsewhere) }),
    );
  } finally {
    client.destroy();
  }
}
