/**
 * The API process, and the only file that listens. Opens gold, serves until SIGTERM or SIGINT, lets responses in
 * progress finish, then closes every connection, so that a browser's keep-alive cannot keep the process alive.
 */
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { s3Settings } from '../config/places.ts';
import type { Config } from '../config/declarations.ts';
import { recentChange } from '../recentchange/definition.ts';
import { addressError, shownAddress } from '../telemetry/address-error.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { openS3 } from '../store/s3.ts';
import type { Explain } from '../contracts/explanation.ts';
import type { LiveSource } from '../contracts/live-source.ts';
import type { GoldReader } from '../gold/gold-store.ts';
import { openGold } from '../gold/open-gold.ts';
import type { HttpPort } from '../telemetry/http-port.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { addProcessMetrics } from '../telemetry/process-metrics.ts';
import { openWatchPort, watchLine } from '../telemetry/watch-port.ts';
import { goldProblem } from './gold-problem.ts';
import type { GoldPlaces } from '../config/places.ts';
import { buildApp } from './app.ts';
import type { ApiDependencies } from './app.ts';

/** How long responses in progress may take after the stop signal. */
const DRAIN_LIMIT_MS = 3_000;
/** One `/edits` needs a connection for milliseconds, so a few serve many pages. Postgres is shared with the worker. */
const MAX_CONNECTIONS = 8;
/** A year of minutes takes seconds; no client waits longer than this. */
const STATEMENT_LIMIT_MS = 15_000;

export interface RunApiOptions extends Omit<
  ApiDependencies,
  'gold' | 'now' | 'metrics' | 'live' | 'explain'
> {
  /** What is shown of the newest minutes, from gold and more. */
  readonly liveOf?: (gold: GoldReader) => LiveSource;
  /** Explains ranges from the bucket. */
  readonly explainOf?: (store: ObjectStore) => Explain;
  /** Receives the address once the server listens. */
  readonly print: (line: string) => void;
}

export interface Listening {
  /** The address to open in a browser, e.g. `http://127.0.0.1:5000`. */
  readonly url: string;
  /** Stops accepting requests, waits for those in progress, closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens gold and serves it until SIGTERM or SIGINT.
 * @throws PipelineError `bad_configuration` when the address cannot be used.
 */
export async function runApi(
  config: Pick<
    Config,
    'HOST' | 'PORT' | 'METRICS_HOST' | 'METRICS_PORT' | 'BUCKET' | 'AWS_REGION' | 'AWS_ENDPOINT_URL'
  > & {
    readonly gold: GoldPlaces;
  },
  { print, liveOf, explainOf, ...dependencies }: RunApiOptions,
): Promise<void> {
  const store = openS3(s3Settings(config), recentChange().prefix);
  const gold = openGold(config.gold, store, {
    maxConnections: MAX_CONNECTIONS,
    applicationName: 'wikigauge api',
    statementTimeoutMs: STATEMENT_LIMIT_MS,
  });
  const metrics = new Metrics();
  addProcessMetrics(metrics, 'api', dependencies.version);
  let watched: HttpPort | undefined;
  try {
    watched = await openWatchPort({
      role: 'api',
      host: config.METRICS_HOST,
      port: config.METRICS_PORT,
      metrics,
      problem: async () => (await goldProblem(gold))?.error,
      onError: (error, path) =>
        dependencies.log?.warn({ err: error, path }, 'the metrics port could not answer'),
    });
    if (watched !== undefined) print(watchLine(watched));
    const [live, explain] = [liveOf?.(gold), explainOf?.(store)];
    const app = await buildApp({ ...dependencies, gold, metrics, live, explain });
    await serveUntilStopped(await listen(app, config), { print, signals: process });
  } finally {
    await watched?.close();
    await gold.close();
    store.close();
  }
}

/** Prints the address, waits for SIGTERM or SIGINT, then closes. */
export async function serveUntilStopped(
  server: Listening,
  { print, signals }: Pick<RunApiOptions, 'print'> & { readonly signals: NodeJS.EventEmitter },
): Promise<void> {
  const waiting = new AbortController();
  const stopped = ['SIGTERM', 'SIGINT'].map(name => once(signals, name, { signal: waiting.signal }));
  print(`dashboard ${server.url}`);
  await Promise.race(stopped);
  // Removes both listeners, so that a second signal kills the process if closing hangs.
  waiting.abort();
  await Promise.allSettled(stopped);
  await server.close();
}

/**
 * Opens the port.
 * @throws PipelineError `bad_configuration` naming HOST or PORT when the address cannot be used.
 */
export async function listen(
  app: FastifyInstance,
  address: Pick<Config, 'HOST' | 'PORT'>,
): Promise<Listening> {
  try {
    await app.listen({ host: address.HOST, port: address.PORT });
  } catch (error) {
    await app.close();
    throw addressError(error, {
      host: { name: 'HOST', value: address.HOST, example: '127.0.0.1' },
      port: { name: 'PORT', value: address.PORT, example: 5050 },
    });
  }
  const close = async (): Promise<void> => {
    // Fastify closes idle connections immediately; this closes those whose response is still in progress.
    const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_LIMIT_MS);
    try {
      await app.close();
    } finally {
      clearTimeout(timer);
    }
  };
  return { url: shownAddress(app.server.address() as AddressInfo), close };
}
