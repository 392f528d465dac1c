/**
 * What the measured processes live in: servers in a folder of their own, default settings whatever the user has set, and
 * for each pipeline a bucket, a Temporal namespace and where it needs one a database.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client as PostgresClient } from 'pg';
import { declarations } from '../../src/config/declarations.ts';
import { goldPlaces } from '../../src/config/places.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { openGold } from '../../src/gold/open-gold.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { describeExit, startChild, withLog } from '../stack/child.ts';
import type { Child } from '../stack/child.ts';
import { S3Counter } from './s3-counter.ts';
import type { CostCase } from './measured.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Surroundings {
  /** Working folder of the processes: without a `.env`. */
  readonly folder: string;
  /** Our own program: `<command> <args…> worker`. */
  readonly program: readonly string[];
  /** Without any setting of ours. */
  readonly base: Env;
  /** Settings that lead to the servers. */
  readonly stack: Readonly<Record<string, string>>;
  readonly region: string;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** Called when all is over, the last one first. */
  readonly onClose: (close: () => unknown) => void;
}

const run = promisify(execFile);

/** An environment without the settings that a process of ours would read. */
export function withoutSettings(env: Env): Env {
  const isSetting = (name: string): boolean => name in declarations || /^(AWS|TEMPORAL)_/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSetting(name)));
}

/** A bucket and what counts the requests to it. */
export interface Counted {
  readonly counter: S3Counter;
  /** The same bucket without being counted. */
  readonly store: S3ObjectStore;
  /** Settings of processes that are counted. */
  readonly env: Env;
}

/** Opens a bucket behind a counter of its own. The worker, or `prepare`, makes it. */
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

/** Settings of a case's worker, all others at their defaults; its namespace and database are made. */
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
    PG_DSN: gold === 'postgres' ? await makeDatabase(stack['PG_DSN'] ?? '', name) : '',
  };
}

async function makeDatabase(dsn: string, name: string): Promise<string> {
  const database = name.replaceAll('-', '_');
  const admin = new PostgresClient({ connectionString: dsn });
  await admin.connect();
  // The name is ours: letters, digits and underscores.
  await admin.query(`create database ${database}`);
  await admin.end();
  const url = new URL(dsn);
  url.pathname = `/${database}`;
  return url.href;
}

/** Gold of a process with these settings, for looking at it. */
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

/** Starts a process of ours, whose end before the measurement's is an error. */
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
    throw new Error(withLog(`${name} ended by itself (${describeExit(exit)}).`, logFile, exit.lastLog));
  });
  // Stopped in order it ends as well, when nobody waits any more.
  died.catch(() => undefined);
  return { child, died };
}
