/**
 * The worker process: config → clients → workers → ordered end. One process serves all queues; any number of them
 * can run, for the commit log and the ledger keep what they do exact.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import {
  createBackfillActivities,
  createIngestActivities,
  createTransformActivities,
} from './activities/index.ts';
import type { SendNotice } from './ingest/notifier.ts';
import { s3Settings } from './config/places.ts';
import type { Config } from './config/declarations.ts';
import { TASK_QUEUE, backfillQueue, ingestQueue, transformQueue } from './contracts/temporal/names.ts';
import { removeCompaction, scheduleCompaction } from './temporal/compaction-schedule.ts';
import { temporalLogger } from './temporal/logger.ts';
import type { GoldStore } from './gold/gold-store.ts';
import { migrate } from './gold/postgres/migrate.ts';
import { openS3 } from './store/s3.ts';
import type { S3ObjectStore } from './store/s3.ts';
import type { ObjectStore } from './store/object-store.ts';
import { openGold } from './gold/open-gold.ts';
import type { GoldPlaces } from './config/places.ts';
import { connectClient, connectWorker, ensureSearchAttributes, noticeSender } from './temporal/client.ts';
import type { Environment } from './temporal/client.ts';

/** Buffers beyond this are flushed whatever FLUSH_MIN_LINES says: it bounds the memory. */
const MAX_BUFFER_BYTES = 32 << 20;
/** Parts that one process applies at once; each holds a connection. */
const PARALLEL_PARTS = 8;
/** Files of dumps that one process reads at once: each takes a core. */
const PARALLEL_DUMPS = 2;
/** How long a start waits for Postgres before it gives up with a message. */
const PATIENCE_MS = 10_000;

export interface WorkerSettings {
  readonly config: Config & { readonly gold: GoldPlaces };
  /** For the TEMPORAL_ variables that the SDK reads itself. */
  readonly env: Environment;
  readonly logger: Logger;
  /** Ends the process in order: a last flush, parts under way finished. */
  readonly signal: AbortSignal;
  readonly onReady: () => void;
}

/**
 * Runs until the signal aborts.
 * @throws PipelineError when something that it needs is missing; nothing runs then.
 */
export async function runWorker({ config, env, logger, signal, onReady }: WorkerSettings): Promise<void> {
  // Signals of the operating system are the caller's business: they end other things too.
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  const store = openS3(s3Settings(config));
  const gold = openGold(config.gold, store, {
    maxConnections: PARALLEL_PARTS,
    applicationName: 'wikigauge worker',
    statementTimeoutMs: 60_000,
  });
  const closers: (() => unknown)[] = [() => gold.close(), () => store.close()];
  try {
    const [client, { connection, namespace }] = await Promise.all([connectClient(env), connectWorker(env)]);
    closers.unshift(
      () => client.connection.close(),
      () => connection.close(),
    );
    await Promise.all([
      prepareStores(config.gold, store),
      ensureSearchAttributes(client),
      gold.days === undefined ? removeCompaction(client) : scheduleCompaction(client),
    ]);
    const activities = activitiesOf(config, store, gold, noticeSender(client));
    const workers = await Promise.all(
      queues(activities, config).map(options => Worker.create({ connection, namespace, ...options })),
    );
    await runTogether(workers, signal, onReady);
  } finally {
    for (const close of closers) await close();
  }
}

/** Makes what gold and bronze need where it is missing, and makes sure that their places can keep what is promised. */
async function prepareStores(places: GoldPlaces, store: S3ObjectStore): Promise<void> {
  await store.prepare(randomUUID());
  for (const place of places) {
    if (place.kind === 's3') await store.prepareVersions(randomUUID());
    else await migrate(place.dsn, { signal: AbortSignal.timeout(PATIENCE_MS) });
  }
}

function activitiesOf(config: Config, store: ObjectStore, gold: GoldStore, sendNotice: SendNotice) {
  const editTypes = new Set(config.EDIT_TYPES);
  const latenessMs = config.LATENESS_SEC * 1000;
  const userAgent = config.USER_AGENT;
  const wikis = new Set(config.FILTER_WIKI);
  const rules = { editTypes, wikis };
  const stream = { url: config.EVENTSTREAMS_URL, userAgent };
  return {
    ingest: createIngestActivities({
      store,
      gold,
      sendNotice,
      rules,
      limits: {
        minLines: config.FLUSH_MIN_LINES,
        maxAgeMs: config.FLUSH_MAX_SEC * 1000,
        maxBytes: MAX_BUFFER_BYTES,
      },
      latenessMs,
      stream,
    }),
    transform: createTransformActivities({ store, gold, editTypes, latenessMs }),
    backfill: createBackfillActivities({
      store,
      editTypes,
      wikis,
      rules,
      stream,
      api: { urlTemplate: config.ACTION_API_URL, userAgent },
      dumps: { url: config.DUMPS_URL, userAgent },
    }),
  };
}

/** One worker a queue, so that a long stream and many short parts do not take each other's slots. */
function queues(
  { ingest, transform, backfill }: ReturnType<typeof activitiesOf>,
  config: Config,
): WorkerOptions[] {
  const shutdown = { shutdownGraceTime: '5s', shutdownForceTime: '25s' } as const;
  return [
    { taskQueue: TASK_QUEUE, maxCachedWorkflows: 500, ...workflowCode() },
    {
      taskQueue: ingestQueue(TASK_QUEUE),
      activities: ingest,
      // One stream a process. A busy slot holds no open poll, so a frozen worker cannot swallow the retries.
      maxConcurrentActivityTaskExecutions: 1,
      // Cancellation rides on heartbeats: told within a second.
      maxHeartbeatThrottleInterval: '1s',
      // Grace would be a delay before it is told, not time to clean up.
      shutdownGraceTime: 0,
      shutdownForceTime: '25s',
    },
    {
      taskQueue: transformQueue(TASK_QUEUE),
      activities: transform,
      maxConcurrentActivityTaskExecutions: PARALLEL_PARTS,
      shutdownGraceTime: '10s',
      shutdownForceTime: '25s',
    },
    {
      // One connection: ingest has the other of the two that a client may have.
      taskQueue: backfillQueue(TASK_QUEUE, 'stream'),
      activities: backfill.stream,
      maxConcurrentActivityTaskExecutions: 1,
      // How far an attempt came is in its heartbeats: the next one goes on there.
      maxHeartbeatThrottleInterval: '1s',
      ...shutdown,
    },
    {
      // One request an activity: the server hands out no more of them, whatever the number of workers and backfills.
      taskQueue: backfillQueue(TASK_QUEUE, 'api'),
      activities: backfill.api,
      maxConcurrentActivityTaskExecutions: config.ACTION_API_AT_ONCE,
      maxTaskQueueActivitiesPerSecond: config.ACTION_API_PER_MINUTE / 60,
      ...shutdown,
    },
    {
      taskQueue: backfillQueue(TASK_QUEUE, 'dump'),
      activities: backfill.dump,
      maxConcurrentActivityTaskExecutions: PARALLEL_DUMPS,
      ...shutdown,
    },
  ];
}

/** Runs all until the signal aborts. One that fails takes the others down: half a process would look alive and do nothing. */
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

/** The prebuilt bundle of the workflows, else their source. */
function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const bundle = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  return { workflowsPath: fileURLToPath(new URL('./workflows/index.ts', import.meta.url)) };
}
