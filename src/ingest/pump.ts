/**
 * ④ Moves messages from the stream through the intake into flushes. One flush may be running while the next buffer
 * fills; when that buffer is full too, reading waits for the flush to finish (invariant 7).
 */
import { PipelineError } from '../contracts/errors.ts';
import type { CommitRecord } from '../contracts/storage/log-record.ts';
import type { FlushLimits } from '../bronze/part-buffer.ts';
import { positionsOf } from '../core/stream-cursor.ts';
import type { StreamCursor } from '../core/stream-cursor.ts';
import type { StreamMessage } from '../source/stream/message-queue.ts';
import type { CommitLog } from '../bronze/commit-log.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Persistence } from '../store/persistently.ts';
import type { SeenEvents } from '../bronze/seen-events.ts';
import { flush } from './flush.ts';
import type { LivePart } from '../contracts/live-frame.ts';
import type { Batch, Intake } from './intake.ts';
import type { Notifier } from './notifier.ts';

export interface PumpParts {
  readonly intake: Intake;
  readonly seen: SeenEvents;
  readonly log: CommitLog;
  readonly notifier: Notifier;
  readonly limits: FlushLimits;
  readonly store: ObjectStore;
  readonly attempt: string;
  readonly source: () => GoldSource;
  readonly persistence: Persistence;
  /** Called after each commit, before the workflow learns of it: records how far the stream was read. */
  readonly recordRead: () => Promise<void>;
  /** Called as soon as a commit has happened, with the parts as they were while they were open. */
  readonly onStored?: (record: CommitRecord, open: readonly LivePart[]) => void;
  /** Called after each flush. */
  readonly onCommit: (record: CommitRecord) => void;
}

/** How often a quiet stream is checked for a flush that is due by age. */
const TICK_MS = 200;

export class StreamPump {
  readonly #parts: PumpParts;
  readonly #totals = { events: 0, parts: 0, deadLetters: 0, duplicates: 0, newestMs: 0 };
  #flushing: Promise<void> | undefined;
  /** What is being flushed and not committed yet. */
  #uncommitted: Batch | undefined;
  #isAnchored = false;

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  /** Committed so far. */
  get totals(): Readonly<{
    events: number;
    parts: number;
    deadLetters: number;
    duplicates: number;
    newestMs: number;
  }> {
    return this.#totals;
  }

  /** Events waiting for a flush. */
  get buffered(): number {
    return this.#parts.intake.buffer.lines;
  }

  /** Parts that are not committed yet, by the keys that they will have. */
  get open(): LivePart[] {
    const { intake, log, attempt } = this.#parts;
    const sequence = log.nextSequence;
    const flushing = this.#uncommitted?.rows?.parts({ sequence, attempt }) ?? [];
    const next = this.#uncommitted === undefined ? sequence : sequence + 1;
    return [...flushing, ...(intake.rows?.parts({ sequence: next, attempt }) ?? [])];
  }

  /**
   * Runs until `stopSignal` aborts, then flushes the rest and resolves.
   * @throws what ended the reading, after a flush, when the source has failed for too long; whatever flushing throws
   */
  async run(
    messages: (signal: AbortSignal) => AsyncIterable<StreamMessage>,
    stopSignal: AbortSignal,
  ): Promise<void> {
    const failed = new AbortController();
    const onFailure = (error: unknown): void => failed.abort(error);
    const ticker = setInterval(() => {
      if (this.#flushing === undefined && this.#isDue()) void this.#begin().catch(onFailure);
    }, TICK_MS);
    let gaveUp: PipelineError | undefined;
    try {
      for await (const message of messages(AbortSignal.any([stopSignal, failed.signal]))) {
        if (!this.#isAnchored) await this.#anchor(message);
        await this.#parts.intake.take(message, { nowMs: Date.now(), uptimeMs: performance.now() });
        while (this.#isDue()) {
          if (this.#flushing === undefined) void this.#begin().catch(onFailure);
          else await this.#flushing;
        }
      }
    } catch (error) {
      if (!isOfSource(error)) throw error;
      gaveUp = error;
    } finally {
      clearInterval(ticker);
    }
    failed.signal.throwIfAborted();
    await this.#flushing;
    if (!this.#parts.intake.buffer.isEmpty) await this.#begin();
    if (gaveUp !== undefined) throw gaveUp;
  }

  /**
   * When a stream is read for the first time, commits its position before its first event is taken in. Otherwise a
   * crash before the first flush would forget where reading started.
   */
  async #anchor(message: StreamMessage): Promise<void> {
    const { intake, log, notifier, persistence, recordRead } = this.#parts;
    const isKnown = (cursor: StreamCursor): boolean => positionsOf(cursor).length > 0;
    if (!isKnown(log.tail.cursor)) intake.follow(message);
    this.#isAnchored = isKnown(intake.cursor);
    if (!this.#isAnchored || isKnown(log.tail.cursor)) return;
    const skipped = { canaries: 0, duplicates: 0, filtered: 0 };
    const { cursor, wikis } = intake;
    const readToMs = intake.startReading();
    const gaps = intake.takeGaps();
    const draft = { parts: [], deadLetters: [], skipped, cursor, storedToMs: 0, gaps, readToMs, wikis };
    const record = await log.commit(draft, persistence);
    await recordRead();
    // The record carries the gap of a lost log, which is found before the first event.
    await notifier.notify(record, 0);
  }

  #isDue(): boolean {
    return this.#parts.intake.buffer.due(this.#parts.limits, performance.now()) !== undefined;
  }

  /** Starts a flush of the current buffer; resolves when it is done. The next buffer fills meanwhile. */
  #begin(): Promise<void> {
    this.#flushing = this.#flush().finally(() => (this.#flushing = undefined));
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    const { intake, seen, notifier, persistence, source, recordRead, onCommit, onStored } = this.#parts;
    const { attempt } = this.#parts;
    const batch = intake.takeBatch();
    this.#uncommitted = batch;
    const record = await flush(batch, { ...this.#parts, source: source() }, persistence);
    onStored?.(record, batch.rows?.parts({ sequence: record.sequence, attempt }) ?? []);
    this.#uncommitted = undefined;
    seen.committed(record, batch.buffer.identities);
    await recordRead();
    await notifier.notify(record, batch.newestMs);
    const totals = this.#totals;
    totals.events += record.parts.reduce((sum, { events }) => sum + events, 0);
    totals.parts += record.parts.length;
    totals.deadLetters += record.deadLetters.reduce((sum, { events }) => sum + events, 0);
    totals.duplicates += record.skipped.duplicates;
    totals.newestMs = Math.max(totals.newestMs, record.storedToMs);
    onCommit(record);
  }
}

/** Reading has failed, not storing: what was read can still be stored. */
function isOfSource(error: unknown): error is PipelineError {
  return (
    error instanceof PipelineError && (error.code === 'source_unreachable' || error.code === 'source_refused')
  );
}
