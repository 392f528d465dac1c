/**
 * ④ Moves messages from the stream through the intake into flushes. One flush may be under way while the next buffer
 * fills; when that is full too, the stream is not read until the flush is done (invariant 7).
 */
import type { CommitRecord } from '../contracts/storage/log-record.ts';
import type { FlushLimits } from '../bronze/part-buffer.ts';
import type { StreamCursor } from '../core/stream-cursor.ts';
import type { StreamMessage } from '../source/stream/message-queue.ts';
import type { CommitLog } from '../bronze/commit-log.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Persistence } from '../store/persistently.ts';
import type { SeenEvents } from '../bronze/seen-events.ts';
import { flush } from './flush.ts';
import type { Intake } from './intake.ts';
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
  /** Called after each flush. */
  readonly onCommit: (record: CommitRecord) => void;
}

/** How often a flush by age is looked for while the stream is quiet. */
const TICK_MS = 200;

export class StreamPump {
  readonly #parts: PumpParts;
  readonly #totals = { events: 0, parts: 0, deadLetters: 0, duplicates: 0, newestMs: 0 };
  #flushing: Promise<void> | undefined;
  #isAnchored = false;

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  /** What was committed so far. */
  get totals(): Readonly<{
    events: number;
    parts: number;
    deadLetters: number;
    duplicates: number;
    newestMs: number;
  }> {
    return this.#totals;
  }

  /** Events that wait for a flush. */
  get buffered(): number {
    return this.#parts.intake.buffer.lines;
  }

  /**
   * Runs until `told` aborts, then flushes what is left and resolves.
   * @throws whatever reading or flushing throws; nothing is flushed then.
   */
  async run(
    messages: (signal: AbortSignal) => AsyncIterable<StreamMessage>,
    told: AbortSignal,
  ): Promise<void> {
    const failed = new AbortController();
    const onFailure = (error: unknown): void => failed.abort(error);
    const ticker = setInterval(() => {
      if (this.#flushing === undefined && this.#isDue()) void this.#begin().catch(onFailure);
    }, TICK_MS);
    try {
      for await (const message of messages(AbortSignal.any([told, failed.signal]))) {
        if (!this.#isAnchored) await this.#anchor(message);
        await this.#parts.intake.take(message, { nowMs: Date.now(), uptimeMs: performance.now() });
        while (this.#isDue()) {
          if (this.#flushing === undefined) void this.#begin().catch(onFailure);
          else await this.#flushing;
        }
      }
    } finally {
      clearInterval(ticker);
    }
    failed.signal.throwIfAborted();
    await this.#flushing;
    if (!this.#parts.intake.buffer.isEmpty) await this.#begin();
  }

  /**
   * The first time that the stream is read, its position goes into the log before its first event is taken in. A
   * crash before the first flush would otherwise forget where reading had begun.
   */
  async #anchor(message: StreamMessage): Promise<void> {
    const { intake, log, notifier, persistence } = this.#parts;
    const isKnown = (cursor: StreamCursor): boolean => Object.keys(cursor.topics).length > 0;
    if (!isKnown(log.tail.cursor)) intake.follow(message);
    this.#isAnchored = isKnown(intake.cursor);
    if (!this.#isAnchored || isKnown(log.tail.cursor)) return;
    const skipped = { canaries: 0, duplicates: 0, filtered: 0 };
    const { cursor } = intake;
    const draft = { parts: [], deadLetters: [], skipped, cursor, storedToMs: 0, gaps: intake.takeGaps() };
    const record = await log.commit(draft, persistence);
    // What was found before the first event: that our own log was lost.
    await notifier.tell(record, 0);
  }

  #isDue(): boolean {
    return this.#parts.intake.buffer.due(this.#parts.limits, performance.now()) !== undefined;
  }

  /** Begins a flush of the present buffer; resolves when it is done, while the next buffer fills. */
  #begin(): Promise<void> {
    this.#flushing = this.#flush().finally(() => (this.#flushing = undefined));
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    const { intake, seen, notifier, persistence, source, onCommit } = this.#parts;
    const batch = intake.takeBatch();
    const record = await flush(batch, { ...this.#parts, source: source() }, persistence);
    seen.committed(record, batch.buffer.identities);
    await notifier.tell(record, batch.newestMs);
    const totals = this.#totals;
    totals.events += record.parts.reduce((sum, { events }) => sum + events, 0);
    totals.parts += record.parts.length;
    totals.deadLetters += record.deadLetters.reduce((sum, { events }) => sum + events, 0);
    totals.duplicates += record.skipped.duplicates;
    totals.newestMs = Math.max(totals.newestMs, record.storedToMs);
    onCommit(record);
  }
}
