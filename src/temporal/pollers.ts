/**
 * Which workers serve our task queues. A queue without a worker looks like work that takes long. A worker whose slots are all
 * busy does not poll, so activities that send heartbeats count too.
 */
import proto from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import { TASK_QUEUE, backfillQueue, ingestQueue, transformQueue } from '../contracts/temporal/names.ts';
import { BACKFILL_SOURCES } from '../core/backfill.ts';

export interface QueuePollers {
  readonly queue: string;
  /** Workers that asked for work, or sent a heartbeat, in the last minutes. */
  readonly workers: readonly string[];
}

/** What is used of a client. */
export interface PollersClient {
  readonly options: Pick<Client['options'], 'namespace'>;
  readonly workflowService: Pick<Client['workflowService'], 'describeTaskQueue'>;
  readonly workflow: Pick<Client['workflow'], 'list' | 'getHandle' | 'count'>;
}

/** The queues whose worker has a single slot, by the activity that holds it for long. */
const HELD_BY: Readonly<Record<string, string>> = {
  streamParts: ingestQueue(TASK_QUEUE),
  fetchStreamWindow: backfillQueue(TASK_QUEUE, 'stream'),
  fetchDumpFile: backfillQueue(TASK_QUEUE, 'dump'),
};
const OURS = `ExecutionStatus = 'Running' AND TaskQueue = '${TASK_QUEUE}'`;
const HOLDERS = `${OURS} AND (WorkflowType = 'ingest' OR WorkflowType = 'backfill')`;
const MAX_HOLDERS = 20;

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;
/** A worker that polls asks again every minute; Temporal remembers who asked for five. */
const RECENT_MS = 120_000;

type Timestamp = { readonly seconds?: unknown } | null | undefined;

/** How many runs there are that a worker would have to continue. */
export async function openRuns({ workflow }: PollersClient): Promise<number> {
  return (await workflow.count(OURS)).count;
}

/** Every task queue that workers serve, with its pollers. */
export async function pollersOf(client: PollersClient, nowMs: number): Promise<QueuePollers[]> {
  const { options, workflowService } = client;
  const { namespace } = options;
  const isRecent = (time: Timestamp): boolean => nowMs - Number(time?.seconds ?? 0) * 1000 < RECENT_MS;
  const busy = await busyWorkers(client, isRecent);
  const activityQueues = [
    ingestQueue(TASK_QUEUE),
    transformQueue(TASK_QUEUE),
    ...BACKFILL_SOURCES.map(source => backfillQueue(TASK_QUEUE, source)),
  ];
  const queues = [
    { name: TASK_QUEUE, type: TASK_QUEUE_TYPE_WORKFLOW },
    ...activityQueues.map(name => ({ name, type: TASK_QUEUE_TYPE_ACTIVITY })),
  ];
  return Promise.all(
    queues.map(async ({ name, type }) => {
      const { pollers } = await workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name },
        taskQueueType: type,
      });
      const recent = (pollers ?? []).filter(({ lastAccessTime }) => isRecent(lastAccessTime));
      const polling = recent.map(({ identity }) => identity ?? 'unnamed');
      return { queue: name, workers: [...new Set([...polling, ...(busy.get(name) ?? [])])] };
    }),
  );
}

/** Workers that hold a slot, by queue. */
async function busyWorkers(
  { workflow }: PollersClient,
  isRecent: (time: Timestamp) => boolean,
): Promise<Map<string, string[]>> {
  const busy = new Map<string, string[]>();
  let holders = 0;
  for await (const { workflowId, runId } of workflow.list({ query: HOLDERS })) {
    holders += 1;
    if (holders > MAX_HOLDERS) break;
    const { raw } = await workflow.getHandle(workflowId, runId).describe();
    for (const { activityType, lastHeartbeatTime, lastWorkerIdentity } of raw.pendingActivities ?? []) {
      const queue = HELD_BY[activityType?.name ?? ''];
      if (queue === undefined || !isRecent(lastHeartbeatTime)) continue;
      busy.set(queue, [...(busy.get(queue) ?? []), lastWorkerIdentity ?? 'unnamed']);
    }
  }
  return busy;
}
