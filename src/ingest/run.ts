/**
 * ④ The long activity: reads the stream, flushes parts, tells its workflow. Exactly once into bronze by the commit
 * log; heartbeats are hints. It ends when it is told to (cancel, pause, shutdown) after a last flush, or when
 * something is wrong that repeating inside it does not mend.
 */
import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ClockWatch } from '../core/clock-watch.ts';
import type { CommitRecord } from '../contracts/storage/log-record.ts';
import type { FlushLimits } from '../bronze/part-buffer.ts';
import { messageOf } from '../contracts/errors.ts';
import type { FoundGap } from '../core/gaps.ts';
import { isoMs } from '../core/time.ts';
import { followStream } from '../source/stream/follow-stream.ts';
import type { StreamMessage } from '../source/stream/message-queue.ts';
import { identitiesIn } from '../bronze/parts.ts';
import { CommitLog, FencedError } from '../bronze/commit-log.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Persistence } from '../store/persistently.ts';
import { BackfilledEvents } from '../bronze/backfilled-events.ts';
import { MAX_IDENTITIES, SeenEvents } from '../bronze/seen-events.ts';
import { sweepUnnamed } from '../bronze/sweep.ts';
import { beginningOf } from './start-position.ts';
import { toFailure } from '../activities/failure.ts';
import { Intake } from './intake.ts';
import type { IntakeRules } from '../core/intake-rules.ts';
import { Notifier } from './notifier.ts';
import type { SendNotice } from './notifier.ts';
import { StreamPump } from './pump.ts';
import { StreamStatus } from './status.ts';
import type { StreamHeartbeat } from './status.ts';

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

export interface IngestDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldWriter, 'unapplied' | 'unsealed' | 'lastStreamHour'>;
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
  const { workflowId, runId } = workflowExecution;
  const { store, limits, stream } = deps;
  const attempt = randomBytes(5).toString('hex');
  const hint = context.info.heartbeatDetails as StreamHeartbeat | undefined;
  const acknowledged = Math.max(input.acknowledged, hint?.acknowledged ?? 0);
  const persistence: Persistence = {
    signal: graceAfter(told),
    onRetry: ({ message, hint }, pauseMs) => logger.warn(`${message}; again in ${pauseMs} ms`, { hint }),
  };
  const status = new StreamStatus(stream.url);
  const notifier = new Notifier(deps, workflowId, acknowledged, persistence);
  let pump: StreamPump | undefined;
  const beat = (): void => context.heartbeat(status.heartbeat(notifier, pump));
  const clock = new ClockWatch();
  const heart = setInterval(() => {
    const jumpedMs = clock.look(Date.now(), performance.now());
    if (jumpedMs !== undefined) logger.warn(`the clock of this machine was set by ${jumpedMs / 1000} s`);
    beat();
  }, HEARTBEAT_MS);
  try {
    const log = await CommitLog.open(store, { attempt, workflowId, runId }, { ...persistence, acknowledged });
    logger.info(`epoch ${log.fence} begins`, { writer: attempt, acknowledged });
    await notifier.catchUp(log);
    void sweepUnnamed(store, log, { signal: told }).then(
      gone => gone.length > 0 && logger.info(`removed ${gone.length} objects of a crashed flush`, { gone }),
      (error: unknown) => logger.warn(`sweep: ${messageOf(error)}`),
    );

    const rules = input.wikis === undefined ? deps.rules : { ...deps.rules, wikis: new Set(input.wikis) };
    const backfilled = new BackfilledEvents(store);
    const seen = new SeenEvents(
      log,
      ({ key }) => identitiesIn(store, key),
      persistence,
      MAX_IDENTITIES,
      minute => backfilled.sentIn(minute),
    );
    const begin = await beginningOf(log.tail.cursor, input.since, deps.gold, persistence);
    for (const gap of begin.gaps) logger.warn('our log is gone: reading begins anew', gapDetails(gap));
    const intake = new Intake(rules, seen, begin.cursor, begin.gaps);
    const messages = (signal: AbortSignal): AsyncIterable<StreamMessage> =>
      followStream({
        ...stream,
        signal,
        stallMs: STALL_MS,
        giveUpMs: GIVE_UP_MS,
        resume: () => intake.connect(OVERLAP_MS),
        onOpen: info => status.opened(info),
        onTrouble: (error, pauseMs) => {
          status.troubled(error);
          logger.warn(`${error.message}; again in ${pauseMs} ms`);
        },
      });
    const onCommit = ({ sequence, parts, deadLetters, skipped, gaps = [] }: CommitRecord): void => {
      const hours = parts.map(({ hour, events }) => `${hour}: ${events}`);
      logger.info(`record ${sequence} committed`, { hours, deadLetters: deadLetters.length, skipped });
      for (const gap of gaps) logger.warn('the source did not give a stretch of the stream', gapDetails(gap));
      beat();
    };
    const source = () => status.source;
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
    await pump.run(messages, told);
    if (context.cancellationDetails?.cancelRequested !== true) throw told.reason;
    const { events, parts } = pump.totals;
    return { acknowledged: notifier.acknowledged, events, parts };
  } catch (error) {
    if (error === told.reason) throw error;
    // Taking turns with an ingest of another name would go on for ever; with an older self it ends.
    const isForeign = error instanceof FencedError && error.by.workflowId !== workflowId;
    throw toFailure(error, isForeign ? { isFinal: true } : {});
  } finally {
    beat();
    clearInterval(heart);
  }
}

/** Aborts a while after the activity was told to end: the last flush works with S3 and Temporal until then. */
function graceAfter(told: AbortSignal): AbortSignal {
  const graceOver = new AbortController();
  const begin = (): void => void setTimeout(() => graceOver.abort(), GRACE_MS).unref();
  if (told.aborted) begin();
  else told.addEventListener('abort', begin, { once: true });
  return graceOver.signal;
}

function gapDetails({ fromMs, toMs, ...gap }: FoundGap): object {
  return { ...gap, from: isoMs(fromMs), to: isoMs(toMs) };
}
