/**
 * A separate world for each test on the shared stack: its own bucket, database (unless gold is in S3 alone) and Temporal
 * namespace. So tests can use the fixed names (workflow ids, task queues, the schema `gold`) without conflict.
 */
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { Client as PostgresClient } from 'pg';
import { inject } from 'vitest';
import { goldPlaces } from '../../src/config/places.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { migrate } from '../../src/gold/postgres/migrate.ts';
import { startPgBouncer } from './pgbouncer.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { openGold } from '../../src/gold/open-gold.ts';
import type { GoldPlaces } from '../../src/config/places.ts';
import { connectClient } from '../../src/temporal/client.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';

const run = promisify(execFile);

export interface World {
  /** Environment of a process of this world. */
  readonly env: Readonly<Record<string, string>>;
  readonly store: S3ObjectStore;
  readonly places: GoldPlaces;
  readonly gold: GoldStore;
  /** A connection to the database, for the test's own queries. @throws if there is no database */
  readonly sql: PostgresClient;
  readonly client: Client;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Settings with which a process connects to the stack. */
  readonly stack?: Readonly<Record<string, string>>;
  /** GOLD of its processes. */
  readonly gold?: 'postgres' | 's3' | 'postgres,s3' | 's3,postgres';
  /** Settings of its database, in SQL, for example `datestyle = 'German, DMY'`. */
  readonly databaseSettings?: readonly string[];
  /** Its processes reach the database through a PgBouncer. */
  readonly isPooled?: boolean;
  /** Creates its bucket, if that must not be an ordinary one. */
  readonly makeBucket?: (bucket: string) => Promise<void>;
}

/** Opens a world: creates the bucket, migrates the database, and creates a namespace with our search attributes. */
export async function openWorld({
  stack = inject('stackEnv'),
  gold: kinds = 'postgres',
  databaseSettings = [],
  isPooled = false,
  makeBucket,
}: WorldOptions = {}): Promise<World> {
  const name = `t${randomBytes(5).toString('hex')}`;
  const bucket = `test-${name}`;
  const hasDatabase = kinds.includes('postgres');
  const direct = hasDatabase ? await makeDatabase(stack['PG_DSN'] ?? '', name, databaseSettings) : undefined;
  const pooler = direct !== undefined && isPooled ? await startPgBouncer(direct) : undefined;
  const dsn = direct === undefined ? undefined : (pooler?.throughPooler(direct) ?? direct);
  const { PG_DSN: _, ...others } = stack;
  const env = {
    ...others,
    ...(dsn !== undefined && { PG_DSN: dsn }),
    GOLD: kinds,
    BUCKET: bucket,
    TEMPORAL_NAMESPACE: await makeNamespace(stack, name),
  };
  // The SDK reads its keys from the environment of the process.
  for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) process.env[key] = stack[key] ?? '';
  const store = openS3({ bucket, region: 'us-east-1', endpoint: stack['AWS_ENDPOINT_URL'] });
  await makeBucket?.(bucket);
  await store.prepare(randomUUID());
  if (dsn !== undefined) await migrate(dsn, { signal: AbortSignal.timeout(30_000) });
  const places = goldPlaces({ GOLD: kinds.split(','), PG_DSN: dsn });
  const gold = openGold(places, store, {
    maxConnections: 4,
    applicationName: 'test',
    statementTimeoutMs: 30_000,
  });
  const sql = direct === undefined ? undefined : new PostgresClient({ connectionString: direct });
  await sql?.connect();
  const client = await connectClient(env);
  await ensureSearchAttributes(client);
  return {
    env,
    store,
    places,
    gold,
    get sql() {
      if (sql === undefined) throw new Error('this world has no database');
      return sql;
    },
    client,
    async close() {
      await client.connection.close();
      await sql?.end();
      await gold.close();
      await pooler?.stop();
      store.close();
    },
  };
}

async function makeDatabase(dsn: string, name: string, settings: readonly string[]): Promise<string> {
  const admin = new PostgresClient({ connectionString: dsn });
  await admin.connect();
  // The name consists of letters and digits, so it needs no quoting.
  await admin.query(`create database ${name}`);
  for (const setting of settings) await admin.query(`alter database ${name} set ${setting}`);
  await admin.end();
  const url = new URL(dsn);
  url.pathname = `/${name}`;
  return url.href;
}

async function makeNamespace(stack: Readonly<Record<string, string>>, namespace: string): Promise<string> {
  const address = stack['TEMPORAL_ADDRESS'] ?? '';
  await run(stack['TEMPORAL_CLI'] ?? '', [
    'operator',
    'namespace',
    'create',
    '-n',
    namespace,
    '--address',
    address,
  ]);
  return namespace;
}
