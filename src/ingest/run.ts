/**
 * The ingest engine (②③④): reads the stream, writes what it brings to bronze and notifies the ingest workflow. Files
 * of this folder take in messages, flush them, and report progress; none of them knows Temporal.
 *
 * Every event is stored exactly once because the commit log decides what exists; heartbeats are only hints. A run ends
 * with a last flush when its stop signal aborts, or fails when retrying inside it cannot help.
 */
import { identitiesIn } from '../bronze/parts.ts';
import type { FlushLimits } from '../bronze/part-buffer.ts';
import { BackfilledEvents } from '../bronze/backfilled-events.ts';
import { CommitLog } from '../bronze/commit-log.ts';
import { MAX_IDENTITIES, SeenEvents } from '../bronze/seen-events.ts';
import { sweepUnnamed } from '../bronze/sweep.ts';
import { messageOf } from '../contracts/errors.ts';
import type { LivePort, LiveRun } from '../contracts/live-frame.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import type { CommitRecord, Writer } from '../contracts/storage/log-record.ts';
import type { StreamHeartbeat, StreamPartsInput, StreamPartsResult } from '../contracts/temporal/ingest.ts';
import { readTroubles } from '../contracts/temporal/trouble.ts';
import type { FoundGap } from '../core/gaps.ts';
import { OVERLAP_MS } from '../core/stream-cursor.ts';
import { isoMs } from '../core/time.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { followStream } from '../source/stream/follow-stream.ts';
import type { StreamMessage } from '../source/stream/message-queue.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Persistence } from '../store/persistently.ts';
import { graceAfter } from './grace.ts';
import { startHeartbeat } from './heartbeat.ts';
import { Intake } from './intake.ts';
import { Notifier } from './notifier.ts';
import type { SendNotice } from './notifier.ts';
import { assertOlderProjectQuiet, lastForeignMinute } from './older-project.ts';
import { StreamPump } from './pump.ts';
import { healedCursor } from './heal-cursor.ts';
import { ReadRecorder } from './read-recorder.ts';
import { startPosition } from './start-position.ts';
import { StreamStatus } from './status.ts';
import { TroubleReports } from './trouble-reports.ts';
import type { SendTroubles } from './trouble-reports.ts';
import { READING, Troubles } from './troubles.ts';

export interface IngestDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<
    GoldWriter,
    'unapplied' | 'unsealed' | 'lastStreamHour' | 'olderProject' | 'recordGap' | 'recordReads' | 'lastRead'
  >;
  readonly sendNotice: SendNotice;
  readonly sendTroubles: SendTroubles;
  readonly definition: StreamDefinition<unknown>;
  /** Where what is not in gold yet is published; absent where nobody can listen. */
  readonly live?: LivePort | undefined;
  /** Wikis to keep; empty keeps all. A run's input takes precedence. */
  readonly wikis: ReadonlySet<string>;
  readonly limits: FlushLimits;
  readonly latenessMs: number;
  readonly stream: { readonly url: string; readonly userAgent: string };
}

export interface IngestLog {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
}

/** What starts the engine, watches it and ends it. */
export interface IngestHost {
  /** Names this run in the log; `workflowId` is also who is notified of commits. */
  readonly writer: Writer;
  /** Ends the run in order, with a last flush. */
  readonly stopSignal: AbortSignal;
  readonly log: IngestLog;
  /** The details of the last heartbeat of an earlier attempt; absent for the first. */
  readonly previous?: StreamHeartbeat | undefined;
  /** Called every second, after each commit, and once at the end. A host may send only the latest now and then. */
  readonly heartbeat: (details: StreamHeartbeat) => void;
}

/** Why reading does not start where the log ends. */
const STARTS: Partial<Readonly<Record<FoundGap['cause'], string>>> = {
  log_lost: 'commit log missing; restarting after the last hour that gold knows',
  handover: 'taking over from an older project; starting after its last minute',
};

/** The busy topic delivers 30 events a second; half a minute of silence is a dead link. */
const STALL_MS = 30_000;
/** After this long without a connection the run fails, so that the Web UI shows why. */
const GIVE_UP_MS = 300_000;

/**
 * Reads the stream into bronze until `host.stopSignal` aborts, then resolves with what it stored.
 * @throws PipelineError, among them FencedError when another run has taken over the log
 */
export async function ingestStream(
  input: StreamPartsInput,
  host: IngestHost,
  deps: IngestDeps,
): Promise<StreamPartsResult> {
  const { writer, stopSignal, log: logger } = host;
  const earlier = readTroubles(host.previous?.troubles);
  const { acknowledged } = input;
  const { store, limits, stream, definition } = deps;
  const troubles = new Troubles(logger, earlier);
  const reports = new TroubleReports(list => deps.sendTroubles(writer.workflowId, list), earlier);
  const persistence: Persistence = {
    signal: graceAfter(stopSignal),
    // What is buffered would have to be read again, and the source keeps it for a week only.
    waitsForRepair: true,
    onRetry: (error, pauseMs, call, tookMs) => troubles.failed(error, pauseMs, call, tookMs),
    onEnd: call => troubles.ended(call),
  };
  const status = new StreamStatus(stream.url, deps.live?.address);
  const notifier = new Notifier(deps, writer.workflowId, acknowledged, persistence);
  let pump: StreamPump | undefined;
  let live: LiveRun | undefined;
  const heartbeat = startHeartbeat(() => {
    host.heartbeat(status.heartbeat(notifier, pump, troubles));
    if (!stopSignal.aborted) reports.look(troubles.list, Date.now(), performance.now());
  }, logger);
  try {
    await assertOlderProjectQuiet(deps.gold);
    const log = await CommitLog.open(store, definition.logKeys, writer, { ...persistence, acknowledged });
    logger.info(`started epoch ${log.fence}`, { writer: writer.attempt, acknowledged });
    const reads = new ReadRecorder({ gold: deps.gold, log, signal: persistence.signal, logger });
    // Before parts are handed over: until gold has them, what was read is known to be on its way.
    await reads.record();
    await notifier.catchUp(log);
    void sweepUnnamed(store, log, { signal: stopSignal }).then(
      removed =>
        removed.length > 0 &&
        logger.info(`removed ${removed.length} objects of a crashed flush`, { gone: removed }),
      (error: unknown) => logger.warn(`sweep: ${messageOf(error)}`),
    );

    const wikis = input.wikis === undefined ? deps.wikis : new Set(input.wikis);
    const backfilled = new BackfilledEvents(store);
    const seen = new SeenEvents(
      log,
      ({ key }) => identitiesIn(store, key),
      persistence,
      MAX_IDENTITIES,
      minute => backfilled.sentIn(minute),
    );
    const cursor = await healedCursor(log, Date.now(), persistence);
    if (cursor !== log.tail.cursor)
      logger.warn('the cursor of the commit log lies in the future; reading again from before that', {
        log: log.tail.cursor,
        from: cursor,
      });
    const lastMinute = (nowMs: number): Promise<number | undefined> =>
      lastForeignMinute({ store, judge: definition.judge, signal: stopSignal }, nowMs);
    const start = await startPosition(
      cursor,
      input.since,
      { gold: deps.gold, lastForeignMinute: lastMinute },
      persistence,
    );
    for (const gap of start.gaps) logger.warn(STARTS[gap.cause] ?? '', gapDetails(gap));
    const newFold = deps.live?.newFold;
    const intake = new Intake({ judge: definition.judge, wikis, newFold }, seen, start.cursor, start.gaps);
    const messages = (signal: AbortSignal): AsyncIterable<StreamMessage> =>
      followStream({
        ...stream,
        signal,
        stallMs: STALL_MS,
        giveUpMs: GIVE_UP_MS,
        resume: () => intake.connect(OVERLAP_MS),
        onOpen: info => status.connected(info),
        onTrouble: (error, pauseMs) => troubles.failed(error, pauseMs, READING),
        onDelivery: () => troubles.ended(READING),
      });
    const onCommit = (record: CommitRecord): void => {
      logCommit(record, logger);
      heartbeat.beat();
    };
    pump = new StreamPump({
      intake,
      seen,
      log,
      notifier,
      limits,
      store,
      attempt: writer.attempt,
      source: () => status.source,
      persistence,
      recordRead: () => reads.record(),
      onCommit,
      onStored: ({ parts }, open) => live?.committed(parts, open),
    });
    const pumping = pump;
    live = deps.live?.begin({
      attempt: writer.attempt,
      log,
      reading: () => ({
        open: pumping.open,
        cursor: intake.cursor,
        readToMs: intake.readToMs,
        wikis: intake.wikis,
      }),
    });
    await pump.run(messages, stopSignal);
    const { events, parts } = pump.totals;
    return { acknowledged: notifier.acknowledged, events, parts };
  } finally {
    live?.end();
    heartbeat.stop();
  }
}

function logCommit({ sequence, parts, deadLetters, skipped, gaps = [] }: CommitRecord, log: IngestLog): void {
  const hours = parts.map(({ hour, events }) => `${hour}: ${events}`);
  log.info(`record ${sequence} committed`, { hours, deadLetters: deadLetters.length, skipped });
  for (const gap of gaps) log.warn('gap in the stream: the source skipped events', gapDetails(gap));
}

function gapDetails({ fromMs, toMs, ...gap }: FoundGap): Record<string, unknown> {
  return { ...gap, from: isoMs(fromMs), to: isoMs(toMs) };
}
