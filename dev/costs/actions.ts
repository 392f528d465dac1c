/**
 * What Temporal Cloud bills: actions, as https://docs.temporal.io/cloud/actions lists them. Most are events in the histories
 * of runs. Heartbeats are in no history; the server reports the time of the last one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DAY_MS } from '../../src/core/time.ts';

const { EventType } = proto.temporal.api.enums.v1;
type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** Actions by kind. */
export type Actions = Readonly<Record<string, number>>;

/** The kind of an event that is billed. */
const KINDS = new Map<number, string>([
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, 'workflows'],
  // Billed besides the start of the child.
  [EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED, 'workflows'],
  [EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, 'activities'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, 'signals'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED, 'updates'],
  [EventType.EVENT_TYPE_TIMER_STARTED, 'timers'],
  [EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES, 'search attributes'],
]);

export function actionsOf(events: readonly HistoryEvent[]): Actions {
  const actions: Record<string, number> = {};
  const add = (kind: string, count: number): void => void (actions[kind] = (actions[kind] ?? 0) + count);
  for (const { eventType, activityTaskStartedEventAttributes: started } of events) {
    const kind = KINDS.get(eventType ?? 0);
    if (kind !== undefined) add(kind, 1);
    // Every attempt is billed; the first one with its scheduling.
    if (started) add('activities', Math.max(0, (started.attempt ?? 1) - 1));
  }
  return actions;
}

export function sumOf(all: readonly Actions[]): Actions {
  const sum: Record<string, number> = {};
  for (const actions of all)
    for (const [kind, count] of Object.entries(actions)) sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}

export function scaledActions(actions: Actions, times: number): Actions {
  return Object.fromEntries(Object.entries(actions).map(([kind, count]) => [kind, count * times]));
}

export function totalOfActions(actions: Actions): number {
  return Object.values(actions).reduce((sum, count) => sum + count, 0);
}

/** Of every run in the client's namespace so far. */
export async function actionsSoFar(client: Client): Promise<Actions> {
  const all: Actions[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    all.push(actionsOf(events ?? []));
  }
  return sumOf(all);
}

/** Of one run that is started now. A Schedule pays two more for each start. */
export async function actionsOfRun(
  client: Client,
  workflowType: string,
  taskQueue: string,
): Promise<Actions> {
  const options = { taskQueue, workflowId: `costs-${workflowType}`, args: [] };
  const handle = await client.workflow.start(workflowType, options);
  await handle.result();
  const { events } = await client.workflow
    .getHandle(handle.workflowId, handle.firstExecutionRunId)
    .fetchHistory();
  return sumOf([actionsOf(events ?? []), { schedules: 2 }]);
}

export interface Heartbeats {
  readonly count: number;
  readonly ms: number;
}

export function heartbeatsPerDay({ count, ms }: Heartbeats): number {
  return ms === 0 ? 0 : (count * DAY_MS) / ms;
}

/** More often than any heartbeat that a second is short for. */
const LOOK_MS = 200;

/** Counts the heartbeats of a run's activity until `signal` aborts. */
export async function countHeartbeats(
  client: Client,
  workflowId: string,
  signal: AbortSignal,
): Promise<Heartbeats> {
  const times = new Set<string>();
  const beganMs = performance.now();
  while (!signal.aborted) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    for (const { lastHeartbeatTime: time } of raw.pendingActivities ?? [])
      if (time) times.add(`${String(time.seconds)}.${time.nanos ?? 0}`);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  // The one before the first look was sent earlier.
  return { count: Math.max(0, times.size - 1), ms: performance.now() - beganMs };
}
