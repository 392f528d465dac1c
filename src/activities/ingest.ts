/**
 * ④ The long activity: reads the stream, flushes parts, tells its workflow. Exactly once into bronze by the commit
 * log; heartbeats are hints. It ends when it is told to (cancel, pause, shutdown) after a last flush, or when
 * something is wrong that repeating inside it does not mend.
 */
import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { CommitRecord } from '../core/log-record.ts';
import type { FlushLimits } from '../core/part-buffer.ts';
import { messageOf } from '../core/pipeline-error.ts';
import { followStream } from '../source/follow-stream.ts';
import { identitiesIn } from '../storage/bronze.ts';
import { CommitLog, FencedError } from '../storage/commit-log.ts';
import type { GoldWriter } from '../storage/gold.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Persistence } from '../storage/persistently.ts';
import { SeenEvents } from '../storage/seen-events.ts';
import { sweepUnnamed } from '../storage/sweep.ts';
import { toFailure } from './failure.ts';
import { Intake } from './intake.ts';
import type { IntakeRules } from './intake.ts';
import { Notifier } from './notifier.ts';
import type { SendNotice } from './notifier.ts';
import { StreamPump } from './stream-pump.ts';

export interface StreamPartsInput {
  /** ISO 8601; where a stream that was never read begins. The log knows better once it has a record. */
  readonly since?: string;
  /** Wikis to keep; absent = as the worker is configured. */
  readonly wikis?: readonly string[];
  /** Highest sequence whose parts the workflow knows; 0 when it knows none. */
  readonly acknowledged: number;
}

export interface StreamPartsResult {
  readonly acknowledged: number;
  readonly events: number;
  readonly parts: number;
}

/** What a heartbeat says; under 1 kB. A retry takes nothing but `acknowledged` from it, and that only as a hint. */
export interface StreamHeartbeat extends StreamPartsResult {
  readonly deadLetters: number;
  readonly duplicates: number;
  readonly buffered: number;
  readonly connections: number;
  /** Newest event taken in, ISO 8601. */
  readonly newest?: string;
  /** Why it does not read just now. */
  readonly trouble?: string;
}

export interface IngestDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'unapplied'>;
  readonly sendNotice: SendNotice;
  readonly rules: IntakeRules;
  readonly limits: FlushLimits;
  readonly latenessMs: number;
  readonly stream: { readonly url: string; readonly userAgent: string };
}

/** Asked again at each connection: an id is no exact position, and events come up to a minute out of order. */
const OVERLAP_MS = 60_000;
/** The busy topic brings 30 events a second; half a minute of silence is a dead link. */
const STALL_MS = 30_000;
/** After this long without a connection the attempt fails, so that the Web UI shows why. */
const GIVE_UP_MS = 300_000;
/** Time for the last flush once told to end; less than the worker's forced shutdown. */
const GRACE_MS = 15_000;
const HEARTBEAT_MS = 1_000;

/** Reads the stream into bronze until it is cancelled; then answers what it did. */
export async function streamParts(input: StreamPartsInput, deps: IngestDeps): Promise<StreamPartsResult> {
  const context = Context.current();
  const { log: logger, cancellationSignal: told } = context;
  const { workflowExecution } = context.info;
  if (workflowExecution === undefined)
    throw new Error('streamParts tells a workflow of its commits; start one');
  const attempt = randomBytes(5).toString('hex');
  const writer = { attempt, workflowId: workflowExecution.workflowId, runId: workflowExecution.runId };
  const hint = context.info.heartbeatDetails as StreamHeartbeat | undefined;
  const acknowledged = Math.max(input.acknowledged, hint?.acknowledged ?? 0);

  // Work on S3 and signals may go on for a while after the activity was told to end: the last flush.
  const graceOver = new AbortController();
  told.addEventListener('abort', () => setTimeout(() => graceOver.abort(), GRACE_MS).unref(), { once: true });
  const persistence: Persistence = {
    signal: graceOver.signal,
    onRetry: (error, pauseMs) =>
      logger.warn(`${error.message}; again in ${pauseMs} ms`, { hint: error.hint }),
  };

  const state = { trouble: '', connections: 0, simulated: false };
  let pump: StreamPump | undefined;
  const notifier = new Notifier(deps, workflowExecution.workflowId, acknowledged, persistence);
  const beat = (): void => context.heartbeat(heartbeat(notifier, pump, state));
  const heart = setInterval(beat, HEARTBEAT_MS);
  try {
    const log = await CommitLog.open(deps.store, writer, { ...persistence, acknowledged });
    logger.info(`epoch ${log.fence} begins`, { attempt, acknowledged });
    await notifier.catchUp(log);

    const rules = input.wikis === undefined ? deps.rules : { ...deps.rules, wikis: new Set(input.wikis) };
    const seen = new SeenEvents(log, ({ key }) => identitiesIn(deps.store, key), persistence);
    const sinceMs = input.since === undefined ? undefined : Date.parse(input.since);
    const begin = log.tail.cursor;
    const isFirst = Object.keys(begin.topics).length === 0 && begin.startMs === undefined;
    const cursor = isFirst && sinceMs !== undefined ? { ...begin, startMs: sinceMs } : begin;
    const intake = new Intake(rules, seen, cursor);
    const { limits, store, stream } = deps;
    const source = () => ({ url: stream.url, simulated: state.simulated });
    const onCommit = ({ sequence, parts, deadLetters, skipped }: CommitRecord): void => {
      const hours = parts.map(({ hour, events }) => `${hour}: ${events}`);
      logger.info(`record ${sequence} committed`, { hours, deadLetters: deadLetters.length, skipped });
      beat();
    };
    pump = new StreamPump({
      intake,
      seen,
      log,
      notifier,
      limits,
      store,
      attempt,
      source,
      persistence,
      onCommit,
    });
    void sweepUnnamed(store, log, { signal: told }).then(
      gone => gone.length > 0 && logger.info(`removed ${gone.length} objects of a crashed flush`, { gone }),
      (error: unknown) => logger.warn(`sweep: ${messageOf(error)}`),
    );
    const messages = (signal: AbortSignal) =>
      followStream({
        ...stream,
        signal,
        stallMs: STALL_MS,
        giveUpMs: GIVE_UP_MS,
        resume: () => intake.connect(OVERLAP_MS),
        onOpen: ({ simulated }) => {
          state.simulated = simulated;
          state.connections += 1;
          state.trouble = '';
        },
        onTrouble: (error, pauseMs) => {
          state.trouble = error.message;
          logger.warn(`${error.message}; again in ${pauseMs} ms`);
        },
      });
    await pump.run(messages, told);
    if (context.cancellationDetails?.cancelRequested !== true) throw told.reason;
    const { events, parts } = pump.totals;
    return { acknowledged: notifier.acknowledged, events, parts };
  } catch (error) {
    if (error === told.reason) throw error;
    // Taking turns with an ingest of another name would go on for ever; with an older self it ends.
    if (error instanceof FencedError)
      throw toFailure(error, { isFinal: error.by.workflowId !== writer.workflowId });
    throw toFailure(error);
  } finally {
    beat();
    clearInterval(heart);
  }
}

function heartbeat(
  notifier: Notifier,
  pump: StreamPump | undefined,
  { trouble, connections }: { trouble: string; connections: number },
): StreamHeartbeat {
  const totals = pump?.totals ?? { events: 0, parts: 0, deadLetters: 0, duplicates: 0, newestMs: 0 };
  const { events, parts, deadLetters, duplicates, newestMs } = totals;
  return {
    acknowledged: notifier.acknowledged,
    events,
    parts,
    deadLetters,
    duplicates,
    buffered: pump?.buffered ?? 0,
    connections,
    ...(newestMs > 0 && { newest: new Date(newestMs).toISOString() }),
    ...(trouble !== '' && { trouble: trouble.slice(0, 300) }),
  };
}
