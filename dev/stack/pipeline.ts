/**
 * The whole pipeline on one machine: the local servers, then (in the demo) the simulated Wikimedia, a worker, the
 * ingest workflow and the API, each a process of its own as in production. Ends everything in order, the worker first,
 * so that its last flush finds the servers up.
 */
import { join } from 'node:path';
import { describeExit, startChild, withLog } from './child.ts';
import type { Child, ChildExit } from './child.ts';
import { choosePorts } from './ports.ts';
import { withStack } from './stack-env.ts';
import { startStack } from './stack.ts';
import type { Stack, StackSettings } from './stack.ts';
import { onStopSignals } from '../../src/commands/stop-signals.ts';
import { settingsOf } from '../simulator/settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface PipelineSettings {
  readonly stack: Omit<StackSettings, 'log' | 'signal'>;
  readonly api: { readonly host: string; readonly port: number };
  /** A simulated Wikimedia is started in the place of the real one. */
  readonly simulated?: { readonly port: number; readonly args: readonly string[] };
  /** Our own program: `<command> <args…> worker`. */
  readonly program: readonly string[];
  readonly env: Env;
  /** Refuses servers that hold data which must not be mixed with this pipeline's. Answers why, or undefined. */
  readonly objection: (env: Env) => Promise<string | undefined>;
  /** Starts the ingest workflow; answers a line about it. */
  readonly ingest: (env: Env) => Promise<string>;
  readonly print: (line: string) => void;
}

/** The worker's forced shutdown is at 25 s. */
const WORKER_STOP_MS = 28_000;

/** Runs until it is told to stop, or one of its processes ends by itself. @returns exit code */
export async function runPipeline(settings: PipelineSettings): Promise<number> {
  const { print } = settings;
  const told = new AbortController();
  const running: Running = { children: [] };
  const ignoreSignals = onStopSignals({
    stop(why) {
      print(`Stopping (${why}) … the worker flushes first.`);
      told.abort();
    },
    // The reaper ends what is left once we are gone.
    hurry: () => process.exit(1),
  });
  try {
    const died = await startAll(settings, running, told.signal);
    if (died !== undefined) print(`${died}\nStopping the others …`);
    return died === undefined ? 0 : 1;
  } catch (error) {
    if (told.signal.aborted) return 0;
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
  /** In the order of their start; they are stopped in reverse. */
  readonly children: Child[];
}

/** Starts all parts; resolves when it is told to stop (undefined) or when a part has died (what happened). */
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
      : 'Starting Temporal and S3, no Postgres …',
  );
  const stack = await startStack({ ...stackSettings, log: print, signal });
  running.stack = stack;
  const [command = process.execPath, ...programArgs] = program;
  const start = async (
    name: string,
    ready: RegExp,
    childEnv: Env,
    args: readonly string[],
    stopTimeoutMs = 5_000,
  ) => {
    const logFile = join(stackSettings.home, 'logs', `${name}.log`);
    const settings = { name, command, args: [...programArgs, ...args], env: childEnv, logFile, ready };
    const child = await startChild({ ...settings, stopTimeoutMs, readyTimeoutMs: 60_000, signal });
    running.children.push(child);
    return child;
  };

  // AWS_PROFILE empty, not absent: a `.env` that the children read must not bring it back.
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
  let source: Env = {};
  if (simulated !== undefined) {
    await start('simulate', /^SIMULATED stream /m, ours, [
      'simulate',
      '--port',
      String(ports.simulated),
      ...simulated.args,
    ]);
    const wikimedia = `http://127.0.0.1:${ports.simulated}`;
    const url = `${wikimedia}/v2/stream/recentchange`;
    print(`SIMULATED stream  ${url}`);
    source = settingsOf({ url: wikimedia, streamUrl: url });
  }
  const childEnv = { ...ours, ...source };
  await start('api', /^dashboard /m, childEnv, ['api']);
  // Last, so that it is stopped first.
  await start('worker', /^worker ready$/m, childEnv, ['worker'], WORKER_STOP_MS);
  print(await ingest(childEnv));
  print(
    `Dashboard         http://127.0.0.1:${ports.api}${simulated === undefined ? '' : '   (SIMULATED data)'}`,
  );
  print(`Logs and state    ${stackSettings.home} (settings that lead to the servers: stack.env)`);
  print('Ctrl-C stops everything; the next start goes on where this one stopped.');

  const died = await Promise.race([
    stack.exited,
    ...running.children.map(child => child.exited),
    new Promise<undefined>(resolve =>
      signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    ),
  ]);
  return died === undefined ? undefined : diedMessage(died, running);
}

function diedMessage(exit: ChildExit, { stack, children }: Running): string {
  const part = [...children, ...(stack?.servers ?? [])].find(({ name }) => name === exit.name);
  return withLog(`${exit.name} ended by itself (${describeExit(exit)}).`, part?.logFile ?? '', exit.lastLog);
}
