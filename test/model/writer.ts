/**
 * One attempt to read the stream into bronze, built from the parts of the ingest activity and in its order: fence, missing
 * notices, sweep in the background, then reading and flushing side by side.
 */
import { Intake } from '../../src/ingest/intake.ts';
import { Notifier } from '../../src/ingest/notifier.ts';
import { StreamPump } from '../../src/ingest/pump.ts';
import { identitiesIn } from '../../src/bronze/parts.ts';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { SeenEvents } from '../../src/bronze/seen-events.ts';
import { sweepUnnamed } from '../../src/bronze/sweep.ts';
import { EDITS } from '../support/intake-rig.ts';
import { START_MS } from './topics.ts';
import type { Delivery, Stream } from './topics.ts';
import { LOG_KEYS } from '../support/stream.ts';
import { OVERLAP_MS } from '../../src/core/stream-cursor.ts';

/** How an attempt reads. */
export interface Habits {
  readonly plan: readonly Delivery[];
  /** Events that trigger a flush. */
  readonly flushLines: number;
  /** Identities that are kept in memory. */
  readonly memory: number;
}

export interface Attempt extends Habits {
  readonly name: string;
  readonly stream: Stream;
}

const SOURCE = { url: 'http://test', simulated: true };

/** Reads to the end of the stream; resolves when everything is committed and swept. */
export async function write(attempt: Attempt, store: ObjectStore): Promise<void> {
  const { name, stream, plan, flushLines, memory } = attempt;
  // The model stops a writer through its store alone.
  const { signal } = new AbortController();
  const persistence = { signal };
  const writer = { attempt: name, workflowId: 'ingest', runId: 'run' };
  const log = await CommitLog.open(store, LOG_KEYS, writer, { ...persistence, clock: () => START_MS });
  const lacking = (names: readonly string[]): Promise<string[]> => Promise.resolve([...names]);
  const gold = { unapplied: lacking, unsealed: lacking };
  const notifier = new Notifier(
    { gold, sendNotice: () => Promise.resolve(), latenessMs: 0 },
    'ingest',
    0,
    persistence,
  );
  await notifier.catchUp(log);
  const sweeping = sweepUnnamed(store, log, persistence);
  const seen = new SeenEvents(log, ({ key }) => identitiesIn(store, key), persistence, memory);
  const { cursor } = log.tail;
  const isUnread = cursor.startMs === undefined && Object.keys(cursor.topics).length === 0;
  const isToldSince = isUnread && !stream.isLive;
  const intake = new Intake(EDITS, seen, isToldSince ? { ...cursor, startMs: START_MS } : cursor);
  const pump = new StreamPump({
    intake,
    seen,
    log,
    notifier,
    limits: { minLines: flushLines, maxBytes: Infinity, maxAgeMs: Infinity },
    store,
    attempt: name,
    source: () => SOURCE,
    persistence,
    recordRead: async () => undefined,
    onCommit: () => undefined,
  });
  const messages = (until: AbortSignal) => stream.read(plan, () => intake.connect(OVERLAP_MS), until);
  await Promise.all([pump.run(messages, signal), sweeping]);
}
