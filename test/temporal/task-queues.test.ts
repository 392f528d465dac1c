/** The workers of a process: every activity is served, on one queue, within the limits of its source. */
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/declarations.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { taskQueues } from '../../src/temporal/task-queues.ts';
import { HEARTBEAT_EVERY_MS, HEARTBEAT_TIMEOUT_MS } from '../../src/contracts/temporal/heartbeat.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { STREAM } from '../support/stream.ts';

/** What an operator waits for a pause or a flush, and for another worker after a crash. */
const PAUSE_MS = 5_000;
const FAILOVER_MS = 15_000;
/** Leaves 3,000 of 25,000 billed actions a day for everything else. */
const HEARTBEATS_PER_DAY = 22_000;

const store = new MemoryObjectStore();
const config = loadConfig({ ACTION_API_AT_ONCE: '2', ACTION_API_PER_MINUTE: '120' });
const queues = taskQueues({
  config,
  definition: STREAM,
  readDetails: () => undefined,
  store,
  ingestStore: store,
  gold: openS3Gold(store),
  sendNotice: async () => undefined,
  sendTroubles: async () => undefined,
  restartFailedIngest: async () => ({ outcome: 'left', status: 'running' }),
  areBackfillsIndexed: true,
});
const optionsOf = (name: string) => queues.find(({ taskQueue }) => taskQueue === name);

describe('the task queues', () => {
  test('serve each activity once', () => {
    const served = queues.map(({ taskQueue, activities = {} }) => [taskQueue, Object.keys(activities)]);
    expect(Object.fromEntries(served)).toEqual({
      wikigauge: [],
      'wikigauge-ingest': ['streamParts'],
      'wikigauge-transform': [
        'transformPart',
        'rebuildHour',
        'listHours',
        'prepareGold',
        'recordGaps',
        'restoreGaps',
        'recordCoverage',
        'listStaleDays',
        'compactDay',
        'ensureIngest',
        'detectAnomalies',
      ],
      'wikigauge-backfill-stream': ['fetchStreamWindow'],
      'wikigauge-backfill-api': ['planBackfill', 'fetchApiPage'],
      'wikigauge-backfill-dump': ['fetchDumpFile'],
    });
  });

  test('read one stream per process, and stop it without delay', () => {
    expect(optionsOf('wikigauge-ingest')).toMatchObject({
      maxConcurrentActivityTaskExecutions: 1,
      shutdownGraceTime: 0,
    });
    expect(optionsOf('wikigauge-backfill-stream')).toMatchObject({ maxConcurrentActivityTaskExecutions: 1 });
  });

  test('send few heartbeats, each of which is billed, and hear of a pause within 5 s all the same', () => {
    for (const name of ['wikigauge-ingest', 'wikigauge-backfill-stream']) {
      const everyMs = Number(optionsOf(name)?.maxHeartbeatThrottleInterval);
      expect(DAY_MS / everyMs).toBeLessThanOrEqual(HEARTBEATS_PER_DAY);
      // The rest is for the last flush and its commit.
      expect(everyMs).toBeLessThanOrEqual(PAUSE_MS - 1_000);
    }
  });

  test('give a stream to another worker within 15 s, though not for one lost heartbeat', () => {
    expect(HEARTBEAT_TIMEOUT_MS).toBeGreaterThan(2 * HEARTBEAT_EVERY_MS);
    // Temporal's first retry comes a second later, and its timers have a resolution of about a second.
    expect(HEARTBEAT_TIMEOUT_MS).toBeLessThanOrEqual(FAILOVER_MS - 2_000);
  });

  test('limit the Action API as it is configured, for all workers together', () => {
    expect(optionsOf('wikigauge-backfill-api')).toMatchObject({
      maxConcurrentActivityTaskExecutions: 2,
      maxTaskQueueActivitiesPerSecond: 2,
    });
  });

  test('force the end of every activity', () => {
    for (const { activities, shutdownForceTime } of queues)
      expect(shutdownForceTime !== undefined).toBe(activities !== undefined);
  });
});
