/**
 * What Temporal knows of the run of ingest and of running backfills, for those who look on from outside. A question to Temporal never takes
 * longer than `LIMIT_MS`, and many at once are one: reads of counts go on while Temporal is away.
 */
import { Client, Connection } from '@temporalio/client';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { progress } from '../contracts/temporal/messages.ts';
import { STAGE } from '../contracts/temporal/search-attributes.ts';
import { readTroubles } from '../contracts/temporal/trouble.ts';
import type { Trouble } from '../contracts/temporal/trouble.ts';
import { isObject } from '../core/json.ts';
import type { Json } from '../core/json.ts';
import { connectConfig } from './client.ts';
import type { Environment } from './client.ts';
import { absentRun, innermostCause } from './grpc-status.ts';
import { heartbeatOf } from './heartbeats.ts';
import { runningBackfills } from './running-backfills.ts';
import type { BackfillReading, BackfillsClient } from './running-backfills.ts';

export interface IngestReading {
  readonly workflowId: string;
  readonly runId: string;
  /** `running`, `failed`, `cancelled`, … */
  readonly status: string;
  readonly stage: string | undefined;
  /** The answer to `progress`; undefined when no worker answers. */
  readonly progress: Json | undefined;
  /** Details of the last heartbeat, and how long its attempt has been running. */
  readonly heartbeat: Json | undefined;
  readonly attempt: number | undefined;
  readonly attemptStartedMs: number | undefined;
  readonly troubles: readonly Trouble[];
  /** Why the run, or its last attempt, failed. */
  readonly failure: string | undefined;
}

interface Answering {
  readonly namespace: string;
  /** Backfills that run; absent when they could not be listed in time. */
  readonly backfills?: readonly BackfillReading[];
}

export type PipelineReading =
  | { readonly kind: 'away'; readonly what: string; readonly sinceMs: number }
  | ({ readonly kind: 'never_started' } & Answering)
  | ({ readonly kind: 'known'; readonly ingest: IngestReading } & Answering);

export type ReadPipeline = () => Promise<PipelineReading>;

const LIMIT_MS = 2_000;
/** A dashboard polls every two seconds, and there may be many. */
const FRESH_MS = 1_000;

/** What is used of a client. */
export type PipelineClient = Pick<Client, 'options'> & BackfillsClient;

/** Reads with a client that connects when it is first needed, so that an API starts without Temporal. */
export function pipelineReader(env: Environment, workflowId: string): ReadPipeline {
  let client: Client | undefined;
  return readerOf(() => {
    const { connectionOptions, namespace } = connectConfig(env);
    client ??= new Client({
      connection: Connection.lazy(connectionOptions),
      ...(namespace !== undefined && { namespace }),
    });
    return client;
  }, workflowId);
}

export function readerOf(open: () => PipelineClient, workflowId: string): ReadPipeline {
  let latest: Promise<PipelineReading> | undefined;
  let readMs = -Infinity;
  let awaySinceMs: number | undefined;
  const read = async (): Promise<PipelineReading> => {
    try {
      const reading = await readOnce(open(), workflowId);
      awaySinceMs = undefined;
      return reading;
    } catch (error) {
      awaySinceMs ??= Date.now();
      const what = `Temporal does not answer: ${messageOf(error)}`;
      return { kind: 'away', what, sinceMs: awaySinceMs };
    } finally {
      readMs = performance.now();
    }
  };
  return () => {
    if (latest === undefined || performance.now() - readMs > FRESH_MS) {
      // Until it is read, everyone waits for the same answer.
      readMs = Infinity;
      latest = read();
    }
    return latest;
  };
}

async function readOnce(client: PipelineClient, workflowId: string): Promise<PipelineReading> {
  const { namespace } = client.options;
  const handle = client.workflow.getHandle(workflowId);
  const asked = <T>(question: () => Promise<T>): Promise<T> =>
    withinLimit(client.withDeadline(Date.now() + LIMIT_MS, question));
  // No worker may be there to answer it; what Temporal itself knows is enough then.
  const asking = asked(() => handle.query<unknown>(progress)).catch(() => undefined);
  const describing = asked(() => handle.describe());
  const listing = asked(() => runningBackfills(client)).catch(() => undefined);
  const [answer, described, backfills] = await Promise.all([asking, describing.catch(absentRun), listing]);
  const answering: Answering = { namespace, ...(backfills !== undefined && { backfills }) };
  if (described === undefined) return { kind: 'never_started', ...answering };
  const { status, runId, raw } = described;
  const pending = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'streamParts');
  const known = isObject(answer) ? answer : undefined;
  const heartbeat = heartbeatOf(pending);
  const isRunning = status.name === 'RUNNING';
  const troubles = isRunning ? readTroubles((heartbeat ?? known)?.['troubles']) : [];
  const stage = known?.['stage'] ?? described.searchAttributes[STAGE.name]?.[0];
  const failure =
    status.name === 'FAILED'
      ? await asked(() => handle.result()).then(
          () => undefined,
          (error: unknown) => messageOf(innermostCause(error)),
        )
      : (pending?.lastFailure?.message ?? undefined);
  const ingest: IngestReading = {
    workflowId,
    runId,
    status: status.name.toLowerCase(),
    stage: isRunning && troubles.length > 0 ? 'troubled' : typeof stage === 'string' ? stage : undefined,
    progress: known,
    heartbeat,
    attempt: pending?.attempt ?? undefined,
    attemptStartedMs: msOf(pending?.lastStartedTime),
    troubles,
    failure,
  };
  return { kind: 'known', ingest, ...answering };
}

async function withinLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    // A lazy connection has no deadline of its own while it connects.
    timer = setTimeout(() => reject(tooLate()), LIMIT_MS);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

function tooLate(): PipelineError {
  return new PipelineError(`no answer within ${LIMIT_MS / 1000} s`, {
    code: 'temporal_unavailable',
    op: 'ask',
    subject: 'ingest',
    retryable: true,
  });
}

function msOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number | undefined {
  const seconds = Number(time?.seconds);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 + (time?.nanos ?? 0) / 1e6 : undefined;
}
