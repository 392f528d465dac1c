/**
 * The local stack: a real Temporal server with its Web UI, a real Postgres and a real S3 gateway, on the loopback
 * interface, with their state in one folder. External servers can replace any of them.
 *
 * This folder runs programs on one machine: the servers, our own processes as children, and what those need (ports, logs,
 * the state folder, cleanup after a crash). The commands, benchmarks and tests build on it.
 */
import type { ChildExit } from './child.ts';
import { obtainServers } from '../bootstrap/obtain-servers.mjs';
import { findPostgres } from './postgres-binaries.ts';
import { startPostgres } from './postgres-server.ts';
import { choosePorts, type PortWish } from './ports.ts';
import { createProgress } from '../bootstrap/progress.mjs';
import { startS3 } from './s3-server.ts';
import type { RunningServer } from './server-settings.ts';
import { findServer } from '../bootstrap/servers.mjs';
import { openHome, type StackHome } from './stack-home.ts';
import { startTemporal } from './temporal-server.ts';

export interface StackSettings {
  /** State folder; created if missing, reused if it exists. */
  readonly home: string;
  /** 0 picks any free port. */
  readonly ports: {
    readonly temporal: number;
    readonly temporalUi: number;
    readonly postgres: number;
    readonly s3: number;
  };
  /** External servers to use; the stack does not start these itself. */
  readonly given?: {
    readonly temporalAddress?: string | undefined;
    readonly temporalNamespace?: string | undefined;
    readonly pgDsn?: string | undefined;
    readonly s3Endpoint?: string | undefined;
  };
  readonly bucket: string;
  readonly region: string;
  /** False for GOLD=s3, which needs no Postgres. */
  readonly postgres: boolean;
  /** Settings of the Temporal server that differ from its defaults. */
  readonly dynamicConfig?: Readonly<Record<string, number | boolean>>;
  readonly log: (line: string) => void;
  /** Source of PATH, HOME and Go settings. Default: this process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Aborts the start and stops what has already started. */
  readonly signal?: AbortSignal | undefined;
}

export interface ServerInfo {
  /** `temporal`, `s3` or `postgres`. */
  readonly name: string;
  readonly pid: number;
  /** Where it listens: host and port. */
  readonly address: string;
  readonly logFile: string;
}

export interface Stack {
  /** Settings that connect a client to the servers, named as in src/config/declarations.ts. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of the private file with the same settings. */
  readonly envFile: string;
  /** The servers that this stack has started. */
  readonly servers: readonly ServerInfo[];
  /** Resolves when a server ends unexpectedly; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Adds to `stack.env` the settings of what runs beside the servers. */
  publish(more: Readonly<Record<string, string>>): void;
  /** Stops Temporal, then S3, then Postgres. Can be called repeatedly. */
  stop(): Promise<void>;
  /** Kills all servers at once. Their data survives, as after a crash. */
  kill(): Promise<void>;
}

/** The settings of a running stack, in display order. */
const ENV_ORDER = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_UI_URL',
  'TEMPORAL_CLI',
  'PG_DSN',
  'AWS_ENDPOINT_URL',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'BUCKET',
] as const;

/**
 * Starts the servers that are not external, in parallel, and waits until all are usable.
 *
 * @throws Error when the folder is in use, a port is taken, or a server cannot be obtained or does not start; servers that
 *   had started are stopped first
 */
export async function startStack(settings: StackSettings): Promise<Stack> {
  const home = await openHome(settings.home, settings.log);
  let stack: Stack | undefined;
  try {
    const servers = await startServers(settings, home);
    stack = supervise(servers, environmentOf(servers, settings), home);
    home.publish(stack.env);
    return stack;
  } catch (error) {
    await stack?.stop();
    home.release();
    throw error;
  }
}

/** Returns the servers in the order in which to stop them. */
async function startServers(settings: StackSettings, home: StackHome): Promise<readonly RunningServer[]> {
  const { environment: env = process.env, bucket, region, dynamicConfig = {}, log } = settings;
  const wanted = wantedServers(settings);
  const ports = await choosePorts(portWishes(settings.ports, wanted));
  const binaries = wanted.postgres ? findPostgres() : undefined;
  const { temporal, versitygw } = await obtainServers(
    [...(wanted.temporal ? (['temporal'] as const) : []), ...(wanted.s3 ? (['versitygw'] as const) : [])],
    { env, progress: createProgress({ write: text => log(text.trimEnd()) }), signal: settings.signal },
  );

  // The first failure aborts the other starts.
  const failure = new AbortController();
  const signal = settings.signal ? AbortSignal.any([failure.signal, settings.signal]) : failure.signal;
  const onSpawn = (name: string, pid: number): void => home.note(name, pid);
  const common = { home: home.path, env, signal, onSpawn };
  const starting: Promise<RunningServer>[] = [];
  if (temporal !== undefined) {
    const own = { binary: temporal, port: ports.temporal, uiPort: ports.temporalUi, dynamicConfig };
    starting.push(startTemporal({ ...common, ...own }));
  }
  if (versitygw !== undefined) {
    starting.push(startS3({ ...common, binary: versitygw, port: ports.s3, region, bucket }));
  }
  if (binaries !== undefined) {
    starting.push(startPostgres({ ...common, binaries, port: ports.postgres }));
  }
  for (const start of starting) start.catch(error => failure.abort(error));
  const results = await Promise.allSettled(starting);
  const running = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
  if (running.length === results.length) return running;
  for (const { child } of running) await child.stop();
  throw signal.reason;
}

function supervise(servers: readonly RunningServer[], env: Stack['env'], home: StackHome): Stack {
  const children = servers.map(server => server.child);
  const exited = new Promise<ChildExit>(resolve => {
    for (const child of children) void child.exited.then(exit => !exit.asked && resolve(exit));
  });
  let stopping: Promise<void> | undefined;
  const stopInOrder = async (): Promise<void> => {
    for (const child of children) await child.stop();
    home.release();
  };
  return {
    env,
    envFile: home.envFile,
    servers: servers.map(({ child, address }) => ({
      name: child.name,
      pid: child.pid,
      address,
      logFile: child.logFile,
    })),
    exited,
    publish: more => home.publish({ ...env, ...more }),
    stop: () => (stopping ??= stopInOrder()),
    async kill() {
      await Promise.all(children.map(child => child.kill()));
      await (stopping ??= stopInOrder());
    },
  };
}

function environmentOf(servers: readonly RunningServer[], settings: StackSettings): Record<string, string> {
  const { given = {}, bucket, region, environment = process.env } = settings;
  const known: Record<string, string | undefined> = {
    TEMPORAL_ADDRESS: given.temporalAddress,
    TEMPORAL_NAMESPACE: given.temporalNamespace,
    TEMPORAL_CLI: findServer('temporal', environment),
    PG_DSN: settings.postgres ? given.pgDsn : undefined,
    AWS_ENDPOINT_URL: given.s3Endpoint,
    ...Object.assign({}, ...servers.map(server => server.env)),
    AWS_REGION: region,
    BUCKET: bucket,
  };
  return Object.fromEntries(ENV_ORDER.flatMap(name => (known[name] ? [[name, known[name]]] : [])));
}

type Wanted = Readonly<Record<'temporal' | 's3' | 'postgres', boolean>>;

function wantedServers({ given = {}, postgres }: StackSettings): Wanted {
  return { temporal: !given.temporalAddress, s3: !given.s3Endpoint, postgres: postgres && !given.pgDsn };
}

/** A server that is not started gets any free port, so that its setting cannot conflict. */
function portWishes(ports: StackSettings['ports'], wanted: Wanted): Record<keyof typeof ports, PortWish> {
  const wish = (server: string, variable: string, port: number, isWanted: boolean): PortWish => ({
    server,
    variable,
    port: isWanted ? port : 0,
  });
  return {
    temporal: wish('the Temporal server', 'STACK_TEMPORAL_PORT', ports.temporal, wanted.temporal),
    temporalUi: wish('the Temporal Web UI', 'STACK_TEMPORAL_UI_PORT', ports.temporalUi, wanted.temporal),
    postgres: wish('Postgres', 'STACK_POSTGRES_PORT', ports.postgres, wanted.postgres),
    s3: wish('the S3 gateway', 'STACK_S3_PORT', ports.s3, wanted.s3),
  };
}
