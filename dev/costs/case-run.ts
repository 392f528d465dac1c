/**
 * Measures one case: a worker process with default settings, except that it flushes as many times faster as the stream is
 * sped up. The measured range is whole hours of event time, each with its flushes and parts, one seal and one rebuild.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { removeCompaction } from '../../src/temporal/schedules.ts';
import { INGEST_ID, recentChange } from '../../src/recentchange/definition.ts';
import {
  COMPACT_DAYS_ID,
  DETECT_ANOMALIES_ID,
  ENSURE_INGEST_ID,
  TASK_QUEUE,
} from '../../src/contracts/temporal/names.ts';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { HOUR_MS, hourOf } from '../../src/core/time.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { readRecord } from '../../src/bronze/commit-log.ts';
import { DEFAULT_RETENTION } from '../../src/bronze/lifecycle.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { connectClient } from '../../src/temporal/client.ts';
import { flush } from '../../src/contracts/temporal/messages.ts';
import { actionsOfRun, actionsSoFar, countHeartbeats, scaledActions, sumOf } from './actions.ts';
import type { S3Counter } from './s3-counter.ts';
import type { CostCase, MeasuredCase } from './measured.ts';
import { commitsBetween, growthOf, lastSequence, storedIn, tablesOf } from './snapshot.ts';
import { openCounted, settingsOf, startOurs } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

/** The range of the stream that all cases read. */
export interface MeasuredRange {
  readonly streamUrl: string;
  readonly speed: number;
  /** Where reading starts, epoch ms. */
  readonly fromMs: number;
  /** The measurement starts with the flush that stores this instant, epoch ms. */
  readonly beginMs: number;
  /** Length of the measurement, in hours of event time. */
  readonly hours: number;
}

/** Interval between two checks of the commit log. */
const POLL_MS = 500;
/** Time to let the parts of a flush be applied; the next flush is seconds away. */
const SETTLE_MS = 1_000;

interface Running {
  readonly store: S3ObjectStore;
  readonly counter: S3Counter;
  readonly client: Client;
  readonly dsn: string | undefined;
}

export async function runCase(
  name: string,
  costs: CostCase,
  range: MeasuredRange,
  around: Surroundings,
): Promise<MeasuredCase> {
  const { counter, store, env } = await openCounted(name, around);
  const settings = { ...env, ...(await settingsOf(name, costs, around)) };
  const { died } = await startOurs(
    `worker-${name}`,
    {
      args: ['worker'],
      env: {
        ...settings,
        FLUSH_MAX_SEC: String(costs.flushSec / range.speed),
        EVENTSTREAMS_URL: range.streamUrl,
      },
      ready: /^worker ready$/m,
    },
    around,
  );
  const client = await connectClient(settings);
  around.onClose(() => client.connection.close());
  // It runs by the wall clock, too rarely for a stream that is sped up; its requests are measured separately.
  await removeCompaction(client);
  const running = { store, counter, client, dsn: settings['PG_DSN'] || undefined };
  await startIngest(client, INGEST_ID, { since: new Date(range.fromMs).toISOString() });
  return Promise.race([died, measure(costs, running, range, around)]);
}

async function measure(
  costs: CostCase,
  running: Running,
  range: MeasuredRange,
  around: Surroundings,
): Promise<MeasuredCase> {
  const { store, counter } = running;
  await untilStored(range.beginMs, running, around);
  const before = await snapshotOf(running);
  counter.reset();
  around.print(`${costs.name}: measuring`);
  const counting = new AbortController();
  const heartbeats = countHeartbeats(
    running.client,
    INGEST_ID,
    AbortSignal.any([counting.signal, around.signal]),
  );
  // Awaited below, unless something else fails first.
  heartbeats.catch(() => undefined);
  // Ends between two flushes, so that a late flush does not change their number.
  const endMs = before.storedToMs + range.hours * HOUR_MS - costs.flushSec * 500;
  await untilStored(endMs, running, around);
  const requests = counter.counts;
  const after = await snapshotOf(running);
  counting.abort();
  const temporal = {
    actions: sumOf([after.actions, scaledActions(before.actions, -1)]),
    heartbeats: await heartbeats,
    schedules: await schedulesOf(costs, running.client),
  };
  const commits = await commitsBetween(store, before.sequence, after.sequence);
  const parts = commits.flatMap(commit => commit.parts);
  const sum = (of: 'events' | 'edits' | 'bytes' | 'storedBytes'): number =>
    parts.reduce((total, part) => total + part[of], 0);
  around.print(`${costs.name}: ${commits.length} flushes, ${sum('events')} events`);
  return {
    ...costs,
    hours: (after.storedToMs - before.storedToMs) / HOUR_MS,
    flushes: commits.length,
    events: sum('events'),
    edits: sum('edits'),
    bytes: sum('bytes'),
    storedBytes: sum('storedBytes'),
    requests,
    stored: growthOf(before.stored, after.stored),
    tables: growthOf(before.tables, after.tables),
    historyEvents: after.historyEvents - before.historyEvents,
    restart: await measureRestart(running, range, around),
    temporal,
  };
}

/** What one run of each Schedule costs when it finds nothing to do. */
async function schedulesOf(
  { gold }: CostCase,
  client: Client,
): Promise<MeasuredCase['temporal']['schedules']> {
  const ensureIngest = await actionsOfRun(client, 'ensureIngest', TASK_QUEUE);
  const looks = {
    [ENSURE_INGEST_ID]: ensureIngest,
    [DETECT_ANOMALIES_ID]: await actionsOfRun(client, 'detectAnomalies', TASK_QUEUE),
  };
  if (gold !== 's3') return looks;
  // The first run writes the days that are over.
  await actionsOfRun(client, 'compactDays', TASK_QUEUE);
  const compactDays = await actionsOfRun(client, 'compactDays', TASK_QUEUE);
  return { ...looks, [COMPACT_DAYS_ID]: compactDays };
}

async function untilStored(eventMs: number, { store }: Running, { signal }: Surroundings): Promise<void> {
  const storedToMs = async (): Promise<number> =>
    (await readRecord(store, recentChange().logKeys, await lastSequence(store)))?.storedToMs ?? 0;
  while ((await storedToMs()) < eventMs) await sleep(POLL_MS, undefined, { signal });
  await sleep(SETTLE_MS, undefined, { signal });
}

async function snapshotOf({ store, client, dsn }: Running) {
  const sequence = await lastSequence(store);
  const record = await readRecord(store, recentChange().logKeys, sequence);
  const { historyLength } = await client.workflow.getHandle(INGEST_ID).describe();
  return {
    sequence,
    storedToMs: record?.storedToMs ?? 0,
    historyEvents: historyLength,
    actions: await actionsSoFar(client),
    stored: await storedIn(store),
    tables: dsn === undefined ? [] : await tablesOf(dsn),
  };
}

/**
 * The requests of a new attempt of the streaming activity, which every continue-as-new starts: it writes a fence, reads
 * the event ids of the last minute, and sweeps all hours that bronze retains.
 */
async function measureRestart(
  { client, counter, store }: Running,
  { fromMs }: MeasuredRange,
  { signal }: Surroundings,
): Promise<MeasuredCase['restart']> {
  for (let back = 1; back <= DEFAULT_RETENTION.bronzeDays * 24; back += 1) {
    const hour = hourOf((fromMs - back * HOUR_MS) / 1000);
    await store.putIfAbsent(`${hourPrefix(hour)}part-0-costs.ndjson.gz`, new Uint8Array(), {
      contentType: 'application/gzip',
    });
  }
  counter.reset();
  await client.workflow.getHandle(INGEST_ID).signal(flush);
  const listings = (place: string): number =>
    counter.counts
      .filter(count => count.request === 'list' && count.place === place)
      .reduce((sum, { requests }) => sum + requests, 0);
  // The sweep ends with the dead letters, of which there are none.
  while (listings('deadletter') === 0) await sleep(POLL_MS, undefined, { signal });
  return counter.counts;
}
