/**
 * The whole pipeline on one machine: the local servers, the simulated Wikimedia (in the demo), the API, a worker and the
 * ingest workflow, in separate processes as in production. Stops everything in order, the worker first, so that the
 * servers are still up for its last flush. An API or a worker that dies is started again, and the rest stays up.
 */
import { join } from 'node:path';
import { describeExit, startChild, withLog } from './child.ts';
import type { Child, ChildExit, ChildSettings } from './child.ts';
import { startRestartingChild } from './restarting-child.ts';
import { choosePorts } from './ports.ts';
import { withStack } from './stack-env.ts';
import { startStack } from './stack.ts';
import type { Stack, StackSettings } from './stack.ts';
import { onStopSignals } from '../../src/commands/stop-signals.ts';
import { settingsOf } from '../simulator/settings.ts';
import { stackProblems } from './known-problems.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface PipelineSettings {
  readonly stack: Omit<StackSettings, 'log' | 'signal'>;
  readonly api: { readonly host: string; readonly port: number };
  /** Starts a simulated Wikimedia to replace the real one. */
  readonly simulated?: { readonly port: number; readonly args: readonly string[] };
  /** How to run wikigauge, as a command and its first arguments; `worker`, for example, is appended. */
  readonly program: readonly string[];
  readonly env: Env;
  /** Checks for data on the servers that must not be mixed with this pipeline's; returns a reason to refuse, or undefined. */
  readonly objection: (env: Env) => Promise<string | undefined>;
  /** Starts the ingest workflow; returns a line to print. */
  readonly ingest: (env: Env) => Promise<string>;
  readonly print: (line: string) => void;
}

/** Longer than the worker's own limit for its shutdown, which is 25 s. */
const WORKER_STOP_MS = 28_000;

/** Runs until a stop signal arrives, or until a server or the simulated Wikimedia ends unexpectedly. @returns exit code */
export async function runPipeline(settings: PipelineSettings): Promise<number> {
  const { print } = settings;
  const stopping = new AbortController();
  const running: Running = { children: [] };
  const ignoreSignals = onStopSignals({
    stop(why) {
      print(`Stopping (${why}) … The worker flushes first.`);
      stopping.abort();
    },
    // The reaper stops the remaining children once this process has ended.
    hurry: () => process.exit(1),
  });
  try {
    const died = await startAll(settings, running, stopping.signal);
    if (died !== undefined) print(`${died}\nStopping the others …`);
    return died === undefined ? 0 : 1;
  } catch (error) {
    if (stopping.signal.aborted) return 0;
    print(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    for (const child of running.children.toReversed()) await child.stop();
    await running.stack?.stop();
    ignoreSignals();
    print('Stopped.');
  }
}

interface Running {
  stack?: Stack;
  /** In start order; stopped in reverse. */
  readonly children: { stop(): Promise<unknown> }[];
}

/** Starts everything, then waits. Resolves to undefined when asked to stop, or to a message when a process has died. */
async function startAll(
  { stack: stackSettings, api, simulated, program, env, objection, ingest, print }: PipelineSettings,
  running: Running,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ports = await choosePorts({
    api: { server: 'the API', variable: 'PORT', port: api.port },
    simulated: { server: 'the simulated Wikimedia', variable: 'SIMULATE_PORT', port: simulated?.port ?? 0 },
  });
  print(
    stackSettings.postgres
      ? 'Starting Temporal, Postgres and S3 …'
      : 'Starting Temporal and S3 (no Postgres) …',
  );
  const stack = await startStack({ ...stackSettings, log: print, signal });
  running.stack = stack;
  const [command = process.execPath, ...programArgs] = program;
  const settingsFor = (
    name: string,
    ready: RegExp,
    childEnv: Env,
    args: readonly string[],
    stopTimeoutMs = 5_000,
  ): ChildSettings => ({
    name,
    command,
    args: [...programArgs, ...args],
    env: childEnv,
    logFile: join(stackSettings.home, 'logs', `${name}.log`),
    ready,
    stopTimeoutMs,
    readyTimeoutMs: 60_000,
    signal,
  });
  const keepRunning = async (settings: ChildSettings): Promise<void> => {
    // Again after each restart: the port may be another one then.
    const onLine = (line: string): void => {
      const [, address] = /^metrics (.+)$/.exec(line) ?? [];
      if (address !== undefined) print(`${`Metrics of ${settings.name}`.padEnd(17)} ${address}`);
    };
    running.children.push(await startRestartingChild({ ...settings, onLine }, { print, signal }));
  };

  // AWS_PROFILE is empty rather than absent, so that a `.env` file cannot set it in the children.
  const ours: Env = {
    ...withStack(env, stack.env),
    AWS_PROFILE: '',
    PORT: String(ports.api),
    HOST: api.host,
  };
  const reason = await objection(ours);
  if (reason !== undefined) throw new Error(reason);
  const { TEMPORAL_UI_URL, AWS_ENDPOINT_URL, BUCKET } = stack.env;
  if (TEMPORAL_UI_URL !== undefined) print(`Temporal Web UI   ${TEMPORAL_UI_URL}`);
  print(`S3                ${AWS_ENDPOINT_URL ?? 'AWS'}, bucket ${BUCKET}`);
  if (!stackSettings.postgres) print(`Gold              s3://${BUCKET}/gold/ (Parquet)`);
  let source: Record<string, string> = {};
  let simulator: Child | undefined;
  if (simulated !== undefined) {
    const args = ['simulate', '--port', String(ports.simulated), ...simulated.args];
    simulator = await startChild(settingsFor('simulate', /^SIMULATED stream /m, ours, args));
    running.children.push(simulator);
    const wikimedia = `http://127.0.0.1:${ports.simulated}`;
    const url = `${wikimedia}/v2/stream/recentchange`;
    print(`SIMULATED stream  ${url}`);
    source = settingsOf({ url: wikimedia, streamUrl: url });
  }
  const { GOLD } = env;
  // Commands in another shell then use the same gold and the same Wikimedia.
  stack.publish({ ...source, ...(GOLD !== undefined && { GOLD }) });
  const childEnv = { ...ours, ...source };
  await keepRunning(settingsFor('api', /^dashboard /m, { ...childEnv, ...besideWorker(env) }, ['api']));
  // The worker starts last, so that it stops first.
  await keepRunning(settingsFor('worker', /^worker ready$/m, childEnv, ['worker'], WORKER_STOP_MS));
  print(await ingest(childEnv));
  print(
    `Dashboard         http://127.0.0.1:${ports.api}${simulated === undefined ? '' : '   (SIMULATED data)'}`,
  );
  print(`Logs and state    ${stackSettings.home} (connection settings: stack.env)`);
  print('Press Ctrl-C to stop everything; the next start resumes from here.');

  const died = await Promise.race([
    stack.exited,
    ...(simulator === undefined ? [] : [simulator.exited]),
    new Promise<undefined>(resolve =>
      signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    ),
  ]);
  const parts = [...(simulator === undefined ? [] : [simulator]), ...stack.servers];
  return died === undefined ? undefined : diedMessage(died, parts);
}

/** Two processes cannot share a port: if one is set, it is the worker's, and the API has the next one. */
function besideWorker({ METRICS_PORT }: Env): Env {
  const port = Number(METRICS_PORT?.trim());
  return Number.isInteger(port) && port > 0 ? { METRICS_PORT: String(port + 1) } : {};
}

function diedMessage(exit: ChildExit, parts: readonly Pick<Child, 'name' | 'logFile'>[]): string {
  const part = parts.find(({ name }) => name === exit.name);
  return withLog(
    stackProblems.endedLater.shows({ name: exit.name, how: describeExit(exit) }),
    part?.logFile ?? '',
    exit.lastLog,
  );
}
