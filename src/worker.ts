/**
 * Entry of the worker process: config → clients → workers → ordered shutdown. One process serves all task queues. Any
 * number of processes can run, because the commit log and gold's ledger keep their work exact.
 */
import { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Config } from './config/declarations.ts';
import { INGEST_ID, recentChange } from './recentchange/definition.ts';
import { readDetails } from './recentchange/details.ts';
import { s3Settings } from './config/places.ts';
import type { GoldPlaces } from './config/places.ts';
import { advertised } from './live/advertised.ts';
import { FEED_PATH, feedRoute } from './live/feed-route.ts';
import { LiveFeed } from './live/feed.ts';
import { livePort } from './live/publisher.ts';
import { openGold } from './gold/open-gold.ts';
import { prepareStores } from './gold/prepare-stores.ts';
import { rollOlderHours } from './gold/roll-older-hours.ts';
import { SHOWN_SOON, openS3 } from './store/s3.ts';
import { connectClient, connectWorker } from './temporal/client.ts';
import type { Environment } from './temporal/client.ts';
import {
  removeCompaction,
  scheduleCompaction,
  scheduleDetection,
  scheduleEnsureIngest,
} from './temporal/schedules.ts';
import { restartFailedIngest } from './temporal/restart-ingest.ts';
import { noticeSender, troublesSender } from './temporal/notices.ts';
import { ensureSearchAttributes } from './temporal/search-attributes.ts';
import { pollingProblem } from './temporal/readiness.ts';
import { installRuntime } from './temporal/sdk-runtime.ts';
import { PARALLEL_PARTS, taskQueues } from './temporal/task-queues.ts';
import { addIngestMetrics } from './activities/ingest-metrics.ts';
import { addQuietMetrics } from './insight/quiet-metrics.ts';
import { Metrics } from './telemetry/metrics.ts';
import { addProcessMetrics } from './telemetry/process-metrics.ts';
import { openWatchPort, watchLine } from './telemetry/watch-port.ts';

export interface WorkerSettings {
  readonly config: Config & { readonly gold: GoldPlaces };
  /** For the TEMPORAL_ variables, which the SDK reads itself. */
  readonly env: Environment;
  readonly logger: Logger;
  /** Shuts the process down in order: ingest flushes once more, running parts finish. */
  readonly signal: AbortSignal;
  /** Receives the address of its metrics, and `worker ready`. */
  readonly print: (line: string) => void;
  /** Version of this software. */
  readonly version: string;
}

/**
 * Runs until the signal aborts.
 * @throws PipelineError when something it needs is missing; no worker has started then.
 */
export async function runWorker({
  config,
  env,
  logger,
  signal,
  print,
  version,
}: WorkerSettings): Promise<void> {
  const metrics = new Metrics();
  addProcessMetrics(metrics, 'worker', version);
  const observeIngest = addIngestMetrics(metrics);
  const observeHours = addQuietMetrics(metrics);
  const sdkMetrics = await installRuntime(logger, { hasMetrics: config.METRICS_PORT !== 0 });
  let problem: () => Promise<string | undefined> = async () => 'starting';
  // First, so that the process is watched from its start on, and a port that is taken is reported at once.
  const feed = new LiveFeed();
  const liveHost = config.LIVE_HOST ?? config.METRICS_HOST;
  const watched = await openWatchPort({
    role: 'worker',
    host: config.METRICS_HOST,
    port: config.METRICS_PORT,
    metrics,
    otherMetrics: sdkMetrics,
    problem: () => problem(),
    elsewhere: {
      host: { name: 'LIVE_HOST', value: liveHost, example: '0.0.0.0' },
      routes: { [FEED_PATH]: feedRoute(feed) },
    },
    onError: (error, path) => logger.warn({ err: error, path }, 'the metrics port could not answer'),
  });
  if (watched !== undefined) print(watchLine(watched));
  const definition = recentChange(config.EDIT_TYPES);
  const store = openS3(s3Settings(config), definition.prefix);
  const ingestStore = openS3(s3Settings(config), definition.prefix, SHOWN_SOON);
  const gold = openGold(config.gold, store, {
    maxConnections: PARALLEL_PARTS,
    applicationName: 'wikigauge worker',
    statementTimeoutMs: 60_000,
  });
  const closers: (() => unknown)[] = [
    () => watched?.close(),
    () => gold.close(),
    () => store.close(),
    () => ingestStore.close(),
  ];
  try {
    const [client, { connection, namespace }] = await Promise.all([connectClient(env), connectWorker(env)]);
    closers.unshift(
      () => client.connection.close(),
      () => connection.close(),
    );
    // First, because it says what to do about a namespace that does not exist.
    const { areBackfillsIndexed } = await ensureSearchAttributes(client, message => logger.warn(message));
    await Promise.all([
      prepareStores(config.gold, store),
      gold.days === undefined ? removeCompaction(client) : scheduleCompaction(client),
      scheduleEnsureIngest(client),
      scheduleDetection(client),
    ]);
    const stopRolling = new AbortController();
    const rolling = rollOlderHours(gold, {
      signal: AbortSignal.any([signal, stopRolling.signal]),
      onFailure: error => logger.warn({ err: error }, 'hours could not be rolled up, which is tried again'),
    });
    closers.unshift(() => {
      stopRolling.abort();
      return rolling;
    });
    const live =
      watched &&
      livePort({
        address: config.LIVE_ADVERTISE ?? advertised(liveHost, watched.port),
        feed,
        counting: definition,
        store,
        gold,
        logger,
      });
    const [sendNotice, sendTroubles] = [noticeSender(client), troublesSender(client)];
    const queues = taskQueues({
      config,
      definition,
      readDetails,
      store,
      ingestStore,
      gold,
      sendNotice,
      sendTroubles,
      restartFailedIngest: () => restartFailedIngest(client, INGEST_ID),
      areBackfillsIndexed,
      observeIngest,
      observeHours,
      live,
    });
    const workers = await Promise.all(
      queues.map(options => Worker.create({ connection, namespace, ...options })),
    );
    problem = () => pollingProblem(workers, client);
    await runTogether(workers, signal, () => print('worker ready'));
  } finally {
    for (const close of closers) await close();
  }
}

/** Runs all until the signal aborts. If one fails the others stop: half a process would look alive and do nothing. */
async function runTogether(
  workers: readonly Worker[],
  signal: AbortSignal,
  onReady: () => void,
): Promise<void> {
  const shutdown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  signal.addEventListener('abort', shutdown, { once: true });
  const running = workers.map(worker => worker.run());
  for (const run of running) run.catch(shutdown);
  if (signal.aborted) shutdown();
  onReady();
  await Promise.all(running);
}
