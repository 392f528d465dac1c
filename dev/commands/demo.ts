/** `wikigauge demo` and `wikigauge start`: the whole pipeline on this machine, on a simulated or the live stream. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runPipeline } from '../stack/pipeline.ts';
import { goldPlaces, s3Settings } from '../../src/config/places.ts';
import { loadConfig } from '../../src/config/declarations.ts';
import type { Config } from '../../src/config/declarations.ts';
import { messageOf } from '../../src/contracts/errors.ts';
import { HOUR_MS } from '../../src/core/time.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { openS3 } from '../../src/store/s3.ts';
import { openGold } from '../../src/gold/open-gold.ts';
import { connectClient } from '../../src/temporal/client.ts';
import type { Environment } from '../../src/temporal/client.ts';
import { readConfig } from '../../src/commands/environment.ts';
import { stackSettings } from './stack.ts';

/** How far back the demo begins, so that its chart is full at once. */
const DEMO_HOURS = 3;
/** The demo flushes often, so that its chart moves within seconds; set FLUSH_MAX_SEC for another pace. */
const DEMO_FLUSH_SEC = '3';
/** Events a second: a little under the real stream's, so that three hours are read within seconds. */
const DEMO_RATE = '25';

interface StartFlags {
  /** Takes the place of GOLD, for the processes that are started too. */
  readonly gold?: string;
}

interface DemoFlags extends StartFlags {
  readonly rate?: string;
  readonly seed?: string;
  readonly faults?: string;
}

export async function demoCommand({ gold, ...flags }: DemoFlags): Promise<void> {
  const config = readConfigWith(gold);
  const since = new Date(Date.now() - DEMO_HOURS * HOUR_MS).toISOString();
  const args = Object.entries({ rate: DEMO_RATE, ...flags }).flatMap(([flag, value]) => [`--${flag}`, value]);
  process.exitCode = await runPipeline({
    // Made-up data stays apart from that of `npm start`.
    stack: stackSettings(config, join(config.WIKIGAUGE_HOME, 'demo')),
    api: { host: config.HOST, port: config.PORT },
    simulated: { port: config.SIMULATE_PORT, args },
    program: ourselves(),
    env: { FLUSH_MAX_SEC: DEMO_FLUSH_SEC, ...process.env },
    objection: env => objectionTo(env, { simulated: false }),
    ingest: env => ingestLine(env, since),
    print: line => console.log(line),
  });
}

export async function startCommand({ gold }: StartFlags): Promise<void> {
  const config = readConfigWith(gold);
  process.exitCode = await runPipeline({
    stack: stackSettings(config),
    api: { host: config.HOST, port: config.PORT },
    program: ourselves(),
    env: process.env,
    objection: env => objectionTo(env, { simulated: true }),
    ingest: env => ingestLine(env),
    print: line => console.log(line),
  });
}

/** @throws ConfigurationError */
function readConfigWith(gold: string | undefined): Config {
  if (gold !== undefined) process.env['GOLD'] = gold;
  return readConfig();
}

/** Node and this program, as it runs now. */
function ourselves(): string[] {
  return [process.execPath, fileURLToPath(new URL('../cli.js', import.meta.url))];
}

/** Real and made-up rows must not meet in one table. */
async function objectionTo(
  env: Environment,
  { simulated }: { simulated: boolean },
): Promise<string | undefined> {
  const config = loadConfig(env);
  const store = openS3(s3Settings(config));
  const gold = openGold(goldPlaces(config), store, {
    maxConnections: 1,
    applicationName: 'wikigauge',
    statementTimeoutMs: 5_000,
  });
  try {
    const found = (await gold.sources()).find(source => source.simulated === simulated);
    if (found === undefined) return undefined;
    const kinds = simulated ? ['SIMULATED', 'the live stream'] : ['live', 'a simulated one'];
    return `Gold holds ${kinds[0]} data (of ${found.url}), which ${kinds[1]} must not mix with. Set PG_DSN and BUCKET to others, or unset them for servers of our own.`;
  } catch {
    // Nothing there yet: nothing to mix with. What cannot be reached is the worker's to report.
    return undefined;
  } finally {
    await gold.close();
    store.close();
  }
}

async function ingestLine(env: Environment, since?: string): Promise<string> {
  const client = await connectClient(env);
  try {
    const outcome = await startIngest(client, since === undefined ? {} : { since });
    return outcome === 'started' ? 'ingest            started' : 'ingest            goes on where it stopped';
  } catch (error) {
    throw new Error(`The ingest workflow could not be started: ${messageOf(error)}`, { cause: error });
  } finally {
    await client.connection.close();
  }
}
