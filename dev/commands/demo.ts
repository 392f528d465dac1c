/** `wikigauge demo` and `wikigauge start`: the whole pipeline on this machine, on a simulated or the live stream. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runPipeline } from '../stack/pipeline.ts';
import { loadConfig } from '../../src/config/declarations.ts';
import type { Config } from '../../src/config/declarations.ts';
import { messageOf } from '../../src/contracts/errors.ts';
import { HOUR_MS, isoMs } from '../../src/core/time.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import type { Environment } from '../../src/temporal/client.ts';
import { withClient, withGold } from '../../src/commands/connections.ts';
import { readVariables } from '../../src/commands/environment.ts';
import { stackSettings } from './stack.ts';
import { storiesFrom } from './stories-from.ts';
import { stackProblems } from '../stack/known-problems.ts';

/** How far back the demo starts, so that its chart is full at once. */
const DEMO_HOURS = 3;
/** Flushes often, so that the chart moves within seconds. FLUSH_MAX_SEC overrides it. */
const DEMO_FLUSH_SEC = '3';
/** Events per second: somewhat fewer than on the real stream, so that three hours are read within seconds. */
const DEMO_RATE = '25';

interface StartFlags {
  /** Overrides GOLD, also for the child processes. */
  readonly gold?: string;
}

interface DemoFlags extends StartFlags {
  readonly rate?: string;
  readonly seed?: string;
  readonly faults?: string;
}

export async function demoCommand({ gold, ...flags }: DemoFlags): Promise<void> {
  const config = readConfigWith(gold);
  const home = join(config.WIKIGAUGE_HOME, 'demo');
  const nowMs = Date.now();
  const since = isoMs(nowMs - DEMO_HOURS * HOUR_MS);
  const stories = await storiesFrom(home, since, isoMs(nowMs));
  const args = Object.entries({ rate: DEMO_RATE, stories, ...flags }).flatMap(([flag, value]) => [
    `--${flag}`,
    value,
  ]);
  process.exitCode = await runPipeline({
    // Keeps simulated data apart from that of `npm start`.
    stack: stackSettings(config, home),
    api: { host: config.HOST, port: config.PORT },
    simulated: { port: config.SIMULATE_PORT, args },
    program: thisProgram(),
    env: { FLUSH_MAX_SEC: DEMO_FLUSH_SEC, ...process.env },
    objection: env => objectionTo(env, { holdsSimulated: false }),
    ingest: env => ingestLine(env, since),
    print: line => console.log(line),
  });
}

export async function startCommand({ gold }: StartFlags): Promise<void> {
  const config = readConfigWith(gold);
  process.exitCode = await runPipeline({
    stack: stackSettings(config),
    api: { host: config.HOST, port: config.PORT },
    program: thisProgram(),
    env: process.env,
    objection: env => objectionTo(env, { holdsSimulated: true }),
    ingest: env => ingestLine(env),
    print: line => console.log(line),
  });
}

/** @throws ConfigurationError */
function readConfigWith(gold: string | undefined): Config {
  if (gold !== undefined) process.env['GOLD'] = gold;
  return readVariables();
}

/** The command that started this process: Node and the entry file of the CLI. */
function thisProgram(): string[] {
  return [process.execPath, fileURLToPath(new URL('../cli.js', import.meta.url))];
}

/** Why this gold cannot be used, if it cannot: real and simulated counts must never mix in one table. */
async function objectionTo(
  env: Environment,
  { holdsSimulated }: { holdsSimulated: boolean },
): Promise<string | undefined> {
  const postgres = { maxConnections: 1, applicationName: 'wikigauge', statementTimeoutMs: 5_000 };
  const sources = await withGold(loadConfig(env), postgres, ({ gold }) =>
    // Empty when gold has no tables yet. If gold cannot be reached, the worker reports it.
    gold.sources().catch(() => []),
  );
  const found = sources.find(({ simulated }) => simulated === holdsSimulated);
  if (found === undefined) return undefined;
  const [present, wanted] = holdsSimulated ? ['SIMULATED', 'live'] : ['live', 'SIMULATED'];
  const { shows, remedy } = stackProblems.mixedData;
  return `${shows({ present, url: found.url, wanted })} ${remedy}`;
}

async function ingestLine(env: Environment, since?: string): Promise<string> {
  try {
    const outcome = await withClient(
      client => startIngest(client, INGEST_ID, since === undefined ? {} : { since }),
      env,
    );
    return `ingest            ${outcome === 'started' ? 'started' : 'resumes where it stopped'}`;
  } catch (error) {
    throw new Error(`Could not start the ingest workflow: ${messageOf(error)}`, { cause: error });
  }
}
