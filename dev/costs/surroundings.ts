/**
 * The environment of the measured processes: separate servers, default settings regardless of the user's, and for each
 * pipeline its own bucket, Temporal namespace and, if needed, database.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client as PostgresClient } from 'pg';
import { declarations } from '../../src/config/declarations.ts';
import { goldPlaces } from '../../src/config/places.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { openGold } from '../../src/gold/open-gold.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { startStack } from '../stack/stack.ts';
import { describeExit, startChild, withLog } from '../stack/child.ts';
import type { Child } from '../stack/child.ts';
import { S3Counter } from './s3-counter.ts';
import type { CostCase } from './measured.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Surroundings {
  /** Working folder of the processes. It has no `.env`. */
  readonly folder: string;
  /** How to run wikigauge, as a command and its first arguments; `worker`, for example, is appended. */
  readonly program: readonly string[];
  /** Environment without wikigauge settings. */
  readonly base: Env;
  /** Connection settings of the servers. */
  readonly stack: Readonly<Record<string, string>>;
  readonly region: string;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** Registers a cleanup; cleanups run at the end, last registered first. */
  readonly onClose: (close: () => unknown) => void;
}

const run = promisify(execFile);
const REGION = 'us-east-1';

export interface OwnServers extends Pick<Surroundings, 'program' | 'print' | 'signal'> {
  /** Names the folder and the bucket. */
  readonly purpose: string;
  readonly env: Env;
  /** Settings of Temporal. */
  readonly dynamicConfig?: NonNullable<Parameters<typeof startStack>[0]['dynamicConfig']>;
}

/** Starts servers in a temporary folder for `work`, then stops all of it. @throws when a server fails; what `work` throws */
export async function withOwnServers<T>(
  { purpose, program, env, print, signal, dynamicConfig }: OwnServers,
  work: (around: Surroundings) => Promise<T>,
): Promise<T> {
  const closers: (() => unknown)[] = [];
  const onClose = (close: () => unknown): void => void closers.push(close);
  const folder = await mkdtemp(join(tmpdir(), `wikigauge-${purpose}-`));
  onClose(() => rm(folder, { recursive: true, force: true }));
  try {
    print('Starting Temporal, Postgres and S3 …');
    const stack = await startStack({
      home: join(folder, 'home'),
      ports: { temporal: 0, temporalUi: 0, postgres: 0, s3: 0 },
      bucket: purpose,
      region: REGION,
      postgres: true,
      ...(dynamicConfig !== undefined && { dynamicConfig }),
      log: print,
      signal,
    });
    onClose(() => stack.stop());
    const base = withoutSettings(env);
    return await work({ folder, program, base, stack: stack.env, region: REGION, print, signal, onClose });
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

/** Drops the settings that a wikigauge process would read. */
function withoutSettings(env: Env): Env {
  const isSetting = (name: string): boolean => name in declarations || /^(AWS|TEMPORAL)_/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSetting(name)));
}

/** A bucket, and the counter of the requests to it. */
export interface Counted {
  readonly counter: S3Counter;
  /** The same bucket, bypassing the counter. */
  readonly store: S3ObjectStore;
  /** Settings of processes whose requests are counted. */
  readonly env: Env;
}

/** Opens a bucket behind its own counter. The worker, or `store.prepare`, creates the bucket. */
export async function openCounted(bucket: string, around: Surroundings): Promise<Counted> {
  const { base, stack, region, onClose } = around;
  const endpoint = stack['AWS_ENDPOINT_URL'];
  const counter = await S3Counter.open(endpoint ?? '');
  const store = openS3({ bucket, region, endpoint });
  onClose(() => counter.close());
  onClose(() => store.close());
  const env = { ...base, ...stack, BUCKET: bucket, AWS_ENDPOINT_URL: counter.endpoint };
  return { counter, store, env };
}

/** Creates the namespace and database of a case, and returns the settings of its worker; all others keep their defaults. */
export async function settingsOf(
  name: string,
  { wikis, gold }: CostCase,
  { stack }: Surroundings,
): Promise<Env> {
  const address = stack['TEMPORAL_ADDRESS'] ?? '';
  const namespace = ['operator', 'namespace', 'create', '-n', name, '--address', address];
  await run(stack['TEMPORAL_CLI'] ?? '', namespace);
  return {
    TEMPORAL_NAMESPACE: name,
    GOLD: gold,
    FILTER_WIKI: wikis.join(','),
    PG_DSN: gold === 'postgres' ? await createDatabase(stack['PG_DSN'] ?? '', name) : '',
  };
}

async function createDatabase(dsn: string, name: string): Promise<string> {
  const database = name.replaceAll('-', '_');
  const admin = new PostgresClient({ connectionString: dsn });
  await admin.connect();
  // Safe to interpolate: the name has only letters, digits and underscores.
  await admin.query(`create database ${database}`);
  await admin.end();
  const url = new URL(dsn);
  url.pathname = `/${database}`;
  return url.href;
}

/** Opens the gold of a process with these settings. */
export function goldOf(env: Env, store: S3ObjectStore, { onClose }: Surroundings): GoldStore {
  const places = goldPlaces({ GOLD: [env['GOLD'] ?? ''], PG_DSN: env['PG_DSN'] });
  const gold = openGold(places, store, {
    maxConnections: 1,
    applicationName: 'wikigauge costs',
    statementTimeoutMs: 30_000,
  });
  onClose(() => gold.close());
  return gold;
}

/** Starts a wikigauge process. `died` rejects if it ends before the measurement does. */
export async function startOurs(
  name: string,
  { args, env, ready }: { readonly args: readonly string[]; readonly env: Env; readonly ready: RegExp },
  { folder, program, signal, onClose }: Surroundings,
): Promise<{ readonly child: Child; readonly died: Promise<never> }> {
  const [command = process.execPath, ...programArgs] = program;
  const logFile = join(folder, 'logs', `${name}.log`);
  const child = await startChild({
    name,
    command,
    args: [...programArgs, ...args],
    env,
    cwd: folder,
    logFile,
    ready,
    readyTimeoutMs: 60_000,
    stopTimeoutMs: 28_000,
    signal,
  });
  onClose(() => child.stop());
  const died = child.exited.then(exit => {
    throw new Error(withLog(`${name} ended unexpectedly (${describeExit(exit)}).`, logFile, exit.lastLog));
  });
  // It also rejects on a normal stop, when nothing awaits it any more.
  died.catch(() => undefined);
  return { child, died };
}
