/**
 * What Temporal knows of the run of ingest and of running backfills, for those who look on from outside. A question to Temporal never takes
 * longer than `LIMIT_MS`, and many at once are one: reads of counts go on while Temporal is away.
 */
import type { Client } from '@temporalio/client';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { progress } from '../contracts/temporal/messages.ts';
import { transformHourId } from '../contracts/temporal/names.ts';
import { STAGE } from '../contracts/temporal/search-attributes.ts';
import { readTroubles } from '../contracts/temporal/trouble.ts';
import type { Trouble } from '../contracts/temporal/trouble.ts';
import { isObject } from '../core/json.ts';
import type { Json } from '../core/json.ts';
import { lazyClient } from './client.ts';
import type { Environment } from './client.ts';
import { absentRun, innermostCause } from './grpc-status.ts';
import { heartbeatOf } from './heartbeats.ts';
import type { PendingActivity } from './heartbeats.ts';
import { runningBackfills } from './running-backfills.ts';
import type { BackfillReading, BackfillsClient } from './running-backfills.ts';
import { temporalProblems } from './known-problems.ts';

export interface IngestReading {
  readonly workflowId: string;
  readonly runId: string;
  /** `running`, `failed`, `cancelled`, … */
  readonly status: string;
  readonly stage: string | undefined;
  /** The answer to `progress`, of a run that has ended as it was before; undefined when no worker answers. */
  readonly progress: Json | undefined;
  /** Details of the last heartbeat, and how long its attempt has been running. */
  readonly heartbeat: Json | undefined;
  readonly attempt: number | undefined;
  readonly attemptStartedMs: number | undefined;
  readonly troubles: readonly Trouble[];
  /** Why the run failed or was terminated, or why its last attempt failed. */
  readonly failure: string | undefined;
  /** Of the newest open hours. */
  readonly failingHours: readonly FailingHour[];
}

/** An open hour whose parts cannot be added to gold at the moment. It is tried again until it works. */
export interface FailingHour {
  readonly hour: string;
  /** Parts that have failed and are tried again. */
  readonly parts: number;
  /** Of the part that was tried most often. */
  readonly attempt: number;
  readonly failure: string;
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
/** Parts of any hour may arrive, but nearly all belong to the newest. */
const LOOKED_AT_HOURS = 2;
/** A dashboard polls every two seconds, and there may be many. */
const FRESH_MS = 1_000;

/** What is used of a client. */
export type PipelineClient = Pick<Client, 'options'> & BackfillsClient;

/** Reads with a client that connects when it is first needed, so that an API starts without Temporal. */
export function pipelineReader(env: Environment, workflowId: string): ReadPipeline {
  return readerOf(lazyClient(env), workflowId);
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

/** Such a run could not say that it ended: its stage is that of its last moment. */
const CUT_OFF: ReadonlySet<string> = new Set(['TERMINATED', 'TIMED_OUT']);

async function readOnce(client: PipelineClient, workflowId: string): Promise<PipelineReading> {
  const { namespace } = client.options;
  const handle = client.workflow.getHandle(workflowId);
  const asked = <T>(question: () => Promise<T>): Promise<T> =>
    withinLimit(client.withDeadline(Date.now() + LIMIT_MS, question));
  const hoursRun = (hour: string) => client.workflow.getHandle(transformHourId(hour)).describe();
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
  const lastStage = described.searchAttributes[STAGE.name]?.[0];
  // A run that has ended still answers, as if it went on.
  const stage = isRunning ? (known?.['stage'] ?? lastStage) : lastStage;
  const isCutOff = CUT_OFF.has(status.name);
  const failure =
    status.name === 'FAILED' || isCutOff
      ? await asked(() => handle.result()).then(
          () => undefined,
          (error: unknown) => messageOf(innermostCause(error)),
        )
      : isAtWork(pending, troubles)
        ? undefined
        : (pending?.lastFailure?.message ?? undefined);
  const ingest: IngestReading = {
    workflowId,
    runId,
    status: status.name.toLowerCase(),
    stage: troubles.length > 0 ? 'troubled' : typeof stage === 'string' && !isCutOff ? stage : undefined,
    progress: known,
    heartbeat,
    attempt: pending?.attempt ?? undefined,
    attemptStartedMs: msOf(pending?.lastStartedTime),
    troubles,
    failure,
    failingHours: isRunning
      ? await failingAmong(known?.['openHours'], hour => asked(() => hoursRun(hour)))
      : [],
  };
  return { kind: 'known', ingest, ...answering };
}

/** Whether an attempt runs that reports no trouble: why the one before it failed is over. */
function isAtWork(pending: PendingActivity | undefined, troubles: readonly Trouble[]): boolean {
  const [startedMs, reportedMs] = [msOf(pending?.lastStartedTime), msOf(pending?.lastHeartbeatTime)];
  return troubles.length === 0 && reportedMs !== undefined && reportedMs > (startedMs ?? Infinity);
}

type Described = Awaited<ReturnType<ReturnType<PipelineClient['workflow']['getHandle']>['describe']>>;

/** @param openHours as the run of ingest lists them, sorted; unchecked JSON */
async function failingAmong(
  openHours: unknown,
  describe: (hour: string) => Promise<Described>,
): Promise<FailingHour[]> {
  const hours = Array.isArray(openHours) ? openHours.filter(hour => typeof hour === 'string') : [];
  const looked = hours.slice(-LOOKED_AT_HOURS).map(async hour => {
    // A run that has ended, or cannot be asked, shows nothing.
    const described = await describe(hour).catch(() => undefined);
    const failing = (described?.raw.pendingActivities ?? []).filter(({ lastFailure }) =>
      Boolean(lastFailure),
    );
    const attemptOf = ({ attempt }: (typeof failing)[number]): number => attempt ?? 1;
    const [worst] = failing.toSorted((one, other) => attemptOf(other) - attemptOf(one));
    if (worst === undefined) return [];
    const failure = worst.lastFailure?.message ?? '';
    return [{ hour, parts: failing.length, attempt: attemptOf(worst), failure }];
  });
  return (await Promise.all(looked)).flat();
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
  return new PipelineError(temporalProblems.noAnswer.shows({ seconds: String(LIMIT_MS / 1000) }), {
    code: 'temporal_unavailable',
    op: 'ask',
    subject: 'ingest',
    retryable: true,
    hint: temporalProblems.noAnswer.remedy,
  });
}

function msOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number | undefined {
  const seconds = Number(time?.seconds);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 + (time?.nanos ?? 0) / 1e6 : undefined;
}
