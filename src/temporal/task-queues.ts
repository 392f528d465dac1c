/** The workers of a process: one per task queue, so that a long stream and many short parts have slots of their own. */
import type { WorkerOptions } from '@temporalio/worker';
import {
  createBackfillActivities,
  createIngestActivities,
  createTransformActivities,
} from '../activities/index.ts';
import type { ObserveIngest } from '../activities/ingest-metrics.ts';
import type { Config } from '../config/declarations.ts';
import type { ReadDetails } from '../contracts/event-details.ts';
import type { LivePort } from '../contracts/live-frame.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { HEARTBEAT_EVERY_MS } from '../contracts/temporal/heartbeat.ts';
import { TASK_QUEUE, backfillQueue, ingestQueue, transformQueue } from '../contracts/temporal/names.ts';
import type { GoldStore } from '../gold/gold-store.ts';
import { UsualOfWikis } from '../gold/usual-of-wikis.ts';
import { AnomalyDetector } from '../insight/detect-anomalies.ts';
import { judgeHours } from '../insight/judge-hours.ts';
import type { ObserveHours } from '../insight/quiet-metrics.ts';
import { explainRange } from '../insight/explain/explain-range.ts';
import type { EnsuredIngest } from '../contracts/temporal/ensure-ingest.ts';
import type { SendTroubles } from '../ingest/trouble-reports.ts';
import type { SendNotice } from '../ingest/notifier.ts';
import type { ObjectStore, VersionedStore } from '../store/object-store.ts';
import { workflowCode } from './workflow-code.ts';

/** Parts that one process applies at once; each needs a connection to gold. */
export const PARALLEL_PARTS = 8;
/** Dump files that one process reads at once; each takes a core. */
const PARALLEL_DUMPS = 2;
/** A buffer of this size is flushed whatever FLUSH_MIN_LINES says, to bound memory. */
const MAX_BUFFER_BYTES = 32 << 20;

/** Activities still running after this long are abandoned; longer than the grace of any last flush. */
export const SHUTDOWN_FORCE_TIME = '25s';

export interface QueueDeps {
  readonly config: Config;
  readonly definition: StreamDefinition;
  /** What explanations read of an event of the stream. */
  readonly readDetails: ReadDetails;
  readonly store: ObjectStore & VersionedStore;
  /** The same one; its calls fail sooner, and ingest tries them again. */
  readonly ingestStore: ObjectStore;
  readonly gold: GoldStore;
  readonly sendNotice: SendNotice;
  readonly sendTroubles: SendTroubles;
  readonly restartFailedIngest: () => Promise<EnsuredIngest>;
  /** Whether the namespace has the search attributes of backfills. */
  readonly areBackfillsIndexed: boolean;
  /** Where ingest publishes what is not in gold yet. */
  readonly live?: LivePort | undefined;
  /** Is told how the reading of the stream goes, once a second. */
  readonly observeIngest?: ObserveIngest;
  /** Is told which of the latest hours had far fewer edits than usual, every five minutes. */
  readonly observeHours?: ObserveHours;
}

/** Options of every worker. */
export function taskQueues(deps: QueueDeps): WorkerOptions[] {
  const { config, definition, store, ingestStore, gold, sendNotice, sendTroubles, restartFailedIngest } =
    deps;
  const { areBackfillsIndexed, observeIngest, observeHours, live, readDetails } = deps;
  const userAgent = config.USER_AGENT;
  const wikis = new Set(config.FILTER_WIKI);
  const usual = new UsualOfWikis(gold, config.FILTER_WIKI);
  const latenessMs = config.LATENESS_SEC * 1000;
  const stream = { url: config.EVENTSTREAMS_URL, userAgent };
  const limits = {
    minLines: config.FLUSH_MIN_LINES,
    maxAgeMs: config.FLUSH_MAX_SEC * 1000,
    maxBytes: MAX_BUFFER_BYTES,
  };
  const backfill = createBackfillActivities({
    store,
    definition,
    wikis,
    stream,
    api: { urlTemplate: config.ACTION_API_URL, userAgent },
    dumps: { url: config.DUMPS_URL, userAgent },
    areBackfillsIndexed,
  });
  const queues: WorkerOptions[] = [
    { taskQueue: TASK_QUEUE, maxCachedWorkflows: 500, ...workflowCode() },
    {
      taskQueue: ingestQueue(TASK_QUEUE),
      activities: createIngestActivities(
        {
          store: ingestStore,
          gold,
          sendNotice,
          sendTroubles,
          definition,
          wikis,
          limits,
          latenessMs,
          stream,
          live,
        },
        observeIngest,
      ),
      // One stream per process. A busy slot does not poll, so a frozen worker cannot swallow the retries.
      maxConcurrentActivityTaskExecutions: 1,
      maxHeartbeatThrottleInterval: HEARTBEAT_EVERY_MS,
      // A grace time would only delay the stop signal; the last flush has the time until the forced shutdown.
      shutdownGraceTime: 0,
    },
    {
      taskQueue: transformQueue(TASK_QUEUE),
      activities: createTransformActivities({
        store,
        gold,
        definition,
        latenessMs,
        restartFailedIngest,
        detector: new AnomalyDetector({
          gold,
          usual,
          explain: (range, stopSignal) => explainRange(range, { store, definition, readDetails }, stopSignal),
        }),
        judgeHours: (nowMs, stopSignal) =>
          judgeHours(
            nowMs,
            { gold, usual, keptWikis: config.FILTER_WIKI, observe: observeHours },
            stopSignal,
          ),
      }),
      maxConcurrentActivityTaskExecutions: PARALLEL_PARTS,
      shutdownGraceTime: '10s',
    },
    {
      // One connection: Wikimedia allows a client two, and ingest has the other.
      taskQueue: backfillQueue(TASK_QUEUE, 'stream'),
      activities: backfill.stream,
      maxConcurrentActivityTaskExecutions: 1,
      // The next attempt resumes from the last heartbeat.
      maxHeartbeatThrottleInterval: HEARTBEAT_EVERY_MS,
      shutdownGraceTime: '5s',
    },
    {
      // One request per activity, so the server's rate limit holds for all workers and backfills together.
      taskQueue: backfillQueue(TASK_QUEUE, 'api'),
      activities: backfill.api,
      maxConcurrentActivityTaskExecutions: config.ACTION_API_AT_ONCE,
      maxTaskQueueActivitiesPerSecond: config.ACTION_API_PER_MINUTE / 60,
      shutdownGraceTime: '5s',
    },
    {
      taskQueue: backfillQueue(TASK_QUEUE, 'dump'),
      activities: backfill.dump,
      maxConcurrentActivityTaskExecutions: PARALLEL_DUMPS,
      shutdownGraceTime: '5s',
    },
  ];
  return queues.map(queue =>
    queue.activities === undefined ? queue : { ...queue, shutdownForceTime: SHUTDOWN_FORCE_TIME },
  );
}
