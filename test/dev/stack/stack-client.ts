/** A client of a running stack: stores a word in every server, and reads it back. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { Client } from 'pg';

type Env = Readonly<Record<string, string>>;

export async function query(env: Env, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: env['PG_DSN'] });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

/** Calls back with an S3 client of the stack and its bucket's name. */
export async function withS3<T>(env: Env, use: (client: S3Client, bucket: string) => Promise<T>): Promise<T> {
  const client = new S3Client({
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    region: env['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  try {
    return await use(client, env['BUCKET'] ?? '');
  } finally {
    client.destroy();
  }
}

/** HTTP status of a PUT that must not overwrite. */
export async function putOnce(
  client: S3Client,
  bucket: string,
  key: string,
  body: string,
): Promise<number | undefined> {
  try {
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*' });
    return (await client.send(put)).$metadata.httpStatusCode;
  } catch (error) {
    if (error instanceof S3ServiceException) return error.$metadata.httpStatusCode;
    throw error;
  }
}

/** Stores a word in a row, an object and a workflow. */
export async function remember(env: Env, word: string): Promise<void> {
  await query(env, `create table memory as select '${word}' as word`);
  await withS3(env, (client, bucket) => putOnce(client, bucket, 'memory', word));
  await withTemporal(env, client =>
    client.workflow.start(word, { workflowId: 'memory', taskQueue: 'nobody' }),
  );
}

/** Reads the word back from every server. */
export async function recall(env: Env): Promise<unknown[]> {
  const rows = await query(env, 'select word from memory');
  const object = await withS3(env, async (client, bucket) => {
    const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'mem' }));
    const got = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: listed.Contents?.[0]?.Key ?? '' }),
    );
    return got.Body?.transformToString();
  });
  const workflow = await withTemporal(
    env,
    async client => (await client.workflow.getHandle('memory').describe()).type,
  );
  return [...rows, object, workflow];
}

async function withTemporal<T>(env: Env, use: (client: TemporalClient) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    return await use(new TemporalClient({ connection, namespace: env['TEMPORAL_NAMESPACE'] ?? '' }));
  } finally {
    await connection.close();
  }
}
