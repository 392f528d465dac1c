/** Lists, starts and controls the runs of backfills, for those outside. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import proto from '@temporalio/proto';
import { WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { FROM, SOURCE, WIKI } from '../contracts/temporal/search-attributes.ts';
import { pauseUpdate, resumeUpdate } from '../contracts/temporal/updates.ts';
import { isoMs } from '../core/time.ts';
import { absentRun, isAway, isInvalidArgument, isNotRunning, isTaskFailed } from './grpc-status.ts';
import { progressOf } from './running-backfills.ts';
import type { BackfillReading } from './running-backfills.ts';
import { startBackfill } from './start-backfill.ts';

export interface BackfillRun {
  readonly id: string;
  /** `running`, `completed`, `failed`, `cancelled`, … */
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** What it was asked for, as far as the namespace indexes it. */
  readonly source?: string;
  readonly wikis?: readonly string[];
  readonly from?: string;
  /** What the worker of a run that runs answers; undefined when none does. */
  readonly progress?: BackfillReading['progress'];
}

export interface RunsQuestion {
  readonly status: 'running' | 'ended' | 'all';
  readonly limit: number;
  /** `next` of the page before. */
  readonly after: string | undefined;
}

export type RunsPage =
  | { readonly kind: 'page'; readonly runs: readonly BackfillRun[]; readonly next?: string }
  /** `after` is none of ours. */
  | { readonly kind: 'no_such_page' };

export type Control = 'pause' | 'resume' | 'cancel';

export type Controlled =
  /** No backfill has this id. */
  | { readonly kind: 'unknown' }
  /** It has ended, as what. */
  | { readonly kind: 'ended'; readonly status: string }
  /** It is done. `state` is what the run does now. */
  | { readonly kind: 'done'; readonly state: string }
  /** The run knows, and is still busy: a window or the last hours have to end first. */
  | { readonly kind: 'accepted' }
  /** No worker has answered for the run in time. One that is busy may still do it. */
  | { readonly kind: 'unanswered' };

export interface BackfillRuns {
  /** Those that run come first, then the latest to end. @throws PipelineError `temporal_unavailable` */
  list(question: RunsQuestion): Promise<RunsPage>;
  /** @param input a good one. @returns its id. @throws PipelineError `temporal_unavailable` */
  start(input: object): Promise<string>;
  /** @throws PipelineError `temporal_unavailable` */
  control(id: string, control: Control): Promise<Controlled>;
}

/** A question to Temporal itself. */
const LIMIT_MS = 5_000;
/** For a worker to accept a control, and then to have done it. */
const ACCEPT_MS = 10_000;
const DONE_MS = 10_000;
const BETWEEN_TRIES_MS = 100;
/** Each costs two requests. */
const ANSWERS = 10;
const DIGEST_BYTES = 4;

const OF_STATUS = {
  running: " AND ExecutionStatus = 'Running'",
  // The runs of a chain are one backfill.
  ended: " AND ExecutionStatus != 'Running' AND ExecutionStatus != 'ContinuedAsNew'",
  all: " AND ExecutionStatus != 'ContinuedAsNew'",
};

export function backfillRuns(open: () => Client): BackfillRuns {
  return {
    list: question => orAway(list(open(), question)),
    start: async input => {
      const client = open();
      const started = client.withDeadline(Date.now() + LIMIT_MS, () => startBackfill(client, input));
      return (await orAway(started)).workflowId;
    },
    control: (id, command) => orAway(control(open(), id, command)),
  };
}

async function list(client: Client, { status, limit, after }: RunsQuestion): Promise<RunsPage> {
  const { namespace } = client.options;
  const query = `WorkflowType = 'backfill'${OF_STATUS[status]}`;
  const token = after === undefined ? undefined : tokenIn(after);
  if (after !== undefined && token === undefined) return { kind: 'no_such_page' };
  try {
    const { executions, nextPageToken } = await client.withDeadline(Date.now() + LIMIT_MS, () =>
      client.workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize: limit,
        ...(token !== undefined && { nextPageToken: token }),
      }),
    );
    const runs = executions.map(runOf);
    const running = runs.filter(run => run.status === 'running').slice(0, ANSWERS);
    const answers = new Map(
      await Promise.all(running.map(async ({ id }) => [id, await progressOf(client, id)] as const)),
    );
    return {
      kind: 'page',
      runs: runs.map(run => ({ ...run, progress: answers.get(run.id) })),
      ...(nextPageToken.length > 0 && { next: pageName(nextPageToken) }),
    };
  } catch (error) {
    if (after !== undefined && isInvalidArgument(error)) return { kind: 'no_such_page' };
    throw error;
  }
}

/**
 * A server's name for its next page, with a digest in front: of a name that was cut or made up a server may only say that it
 * is unavailable.
 */
function pageName(token: Uint8Array): string {
  return Buffer.concat([digestOf(token), token]).toString('base64url');
}

function tokenIn(name: string): Uint8Array | undefined {
  const bytes = Buffer.from(name, 'base64url');
  const token = bytes.subarray(DIGEST_BYTES);
  return digestOf(token).equals(bytes.subarray(0, DIGEST_BYTES)) ? token : undefined;
}

function digestOf(token: Uint8Array): Buffer {
  return createHash('sha256').update(token).digest().subarray(0, DIGEST_BYTES);
}

type Info = proto.temporal.api.workflow.v1.IWorkflowExecutionInfo;

function runOf({ execution, status, startTime, closeTime, searchAttributes }: Info): BackfillRun {
  const fields = searchAttributes?.indexedFields ?? {};
  const indexed = (name: string): unknown => {
    const data = fields[name]?.data;
    return data === undefined || data === null ? undefined : JSON.parse(Buffer.from(data).toString());
  };
  const endedAt = status === RUNNING ? undefined : instantOf(closeTime);
  const [source, wikis, from] = [SOURCE, WIKI, FROM].map(({ name }) => indexed(name));
  return {
    id: execution?.workflowId ?? '',
    status: statusName(status),
    startedAt: instantOf(startTime) ?? isoMs(0),
    ...(endedAt !== undefined && { endedAt }),
    ...(typeof source === 'string' && { source }),
    ...(Array.isArray(wikis) && { wikis: wikis.map(String) }),
    ...(typeof from === 'string' && { from: isoMs(Date.parse(from)) }),
  };
}

const { WorkflowExecutionStatus } = proto.temporal.api.enums.v1;
const RUNNING = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;

/** As the SDK writes them, in lower case. */
function statusName(status: Info['status']): string {
  const name = WorkflowExecutionStatus[status ?? 0]?.replace('WORKFLOW_EXECUTION_STATUS_', '') ?? '';
  return name === 'CANCELED' ? 'cancelled' : name.toLowerCase();
}

function instantOf(time: Info['startTime']): string | undefined {
  if (time === null || time === undefined) return undefined;
  return isoMs(Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1e6));
}

async function control(client: Client, id: string, command: Control): Promise<Controlled> {
  const handle = client.workflow.getHandle(id);
  const untilMs = Date.now() + ACCEPT_MS;
  for (;;) {
    const outcome = await outcomeOf(client, handle);
    if (outcome !== undefined) return outcome;
    try {
      return await controlRunning(client, handle, command);
    } catch (error) {
      if (!isDropped(error)) throw error;
      if (Date.now() >= untilMs) return { kind: 'unanswered' };
      await sleep(BETWEEN_TRIES_MS);
    }
  }
}

/**
 * Whether the run did not take it, and may take it again: one that ends or continues as new drops what it has not accepted,
 * and is still described as running for a moment; one whose task failed, for instance because a cancellation came while it
 * was decided, drops it too.
 */
function isDropped(error: unknown): boolean {
  return isNotRunning(error) || isTaskFailed(error) || error instanceof WorkflowUpdateFailedError;
}

/** Why it cannot be controlled, or undefined when it runs. */
async function outcomeOf(client: Client, handle: WorkflowHandle): Promise<Controlled | undefined> {
  const described = await client
    .withDeadline(Date.now() + LIMIT_MS, () => handle.describe())
    .catch(absentRun);
  // Whoever may control backfills may not control ingest.
  if (described === undefined || described.type !== 'backfill') return { kind: 'unknown' };
  const { name } = described.status;
  return name === 'RUNNING' ? undefined : { kind: 'ended', status: name.toLowerCase() };
}

async function controlRunning(client: Client, handle: WorkflowHandle, command: Control): Promise<Controlled> {
  if (command === 'cancel') {
    await client.withDeadline(Date.now() + LIMIT_MS, () => handle.cancel());
    return { kind: 'accepted' };
  }
  const { name } = command === 'pause' ? pauseUpdate : resumeUpdate;
  const asked = client.withDeadline(Date.now() + ACCEPT_MS, () =>
    handle.startUpdate<{ readonly state: string }, []>(name, { waitForStage: 'ACCEPTED' }),
  );
  const update = await asked.catch(unlessLate);
  if (update === undefined) return { kind: 'unanswered' };
  const answer = await client.withDeadline(Date.now() + DONE_MS, () => update.result()).catch(unlessLate);
  return answer === undefined ? { kind: 'accepted' } : { kind: 'done', state: answer.state };
}

/** For `catch`: undefined when nobody answered in time. @throws every other error */
function unlessLate(error: unknown): undefined {
  if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error;
}

async function orAway<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!isAway(error)) throw error;
    throw new PipelineError(`Temporal does not answer: ${messageOf(error)}`, {
      code: 'temporal_unavailable',
      op: 'control backfills',
      subject: 'Temporal',
      retryable: true,
      cause: error,
    });
  }
}
