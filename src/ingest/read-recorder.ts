/**
 * Tells gold how far the stream was read, record by record, also of records without parts. It follows the log and not
 * the commits, so that what was committed while gold was away, or by an attempt that crashed, is recorded too.
 */
import type { CommitLog } from '../bronze/commit-log.ts';
import { messageOf } from '../contracts/errors.ts';
import type { LogRecord } from '../contracts/storage/log-record.ts';
import { storedReadOf } from '../contracts/storage/stored-read.ts';
import type { ReadName, StoredRead } from '../contracts/storage/stored-read.ts';
import type { GoldWriter } from '../gold/gold-store.ts';
import { persistently } from '../store/persistently.ts';
import { soon } from './gold-answer.ts';

/** Records in one call: 30 kB. */
const AT_ONCE = 100;

export interface ReadRecorderDeps {
  readonly gold: Pick<GoldWriter, 'recordReads' | 'lastRead'>;
  readonly log: Pick<CommitLog, 'backwards' | 'tail'>;
  /** Ends the waiting for gold. */
  readonly signal: AbortSignal;
  readonly logger: { warn(message: string): void };
}

export class ReadRecorder {
  readonly #deps: ReadRecorderDeps;
  /** The newest record that gold is known to have; `unasked` until gold was asked. */
  #recorded: ReadName | undefined | 'unasked' = 'unasked';
  #running: Promise<void> | undefined;
  #isBehind = false;

  constructor(deps: ReadRecorderDeps) {
    this.#deps = deps;
  }

  /**
   * Records what is new. Resolves when gold has it, or soon when gold does not answer: reading does not need gold, and
   * what is missing is recorded once it is back. While that lasts, later calls do not wait.
   */
  async record(): Promise<void> {
    this.#isBehind = true;
    if (this.#running !== undefined) return;
    this.#running = this.#catchUp()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => (this.#running = undefined));
    await soon(this.#running);
  }

  async #catchUp(): Promise<void> {
    const { gold, signal } = this.#deps;
    while (this.#isBehind) {
      this.#isBehind = false;
      if (this.#recorded === 'unasked')
        this.#recorded = await persistently(() => gold.lastRead(), { signal });
      const { sequence, writer } = this.#deps.log.tail;
      const reads = await this.#newReads(this.#recorded);
      for (let at = 0; at < reads.length; at += AT_ONCE)
        await persistently(() => gold.recordReads(reads.slice(at, at + AT_ONCE)), { signal });
      this.#recorded = { attempt: writer.attempt, sequence };
    }
  }

  #failed(error: unknown): void {
    const { logger, signal } = this.#deps;
    // The next run records what this one has not.
    if (signal.aborted) return;
    logger.warn(
      `cannot record in gold how far the stream was read, next try after the next commit: ${messageOf(error)}`,
    );
  }

  /** Of the records after the one that gold has, oldest first. */
  async #newReads(recorded: ReadName | undefined): Promise<StoredRead[]> {
    const { log, signal } = this.#deps;
    const reads: StoredRead[] = [];
    const add = (before: LogRecord | undefined, record: LogRecord | undefined): void => {
      const read = record && storedReadOf(before, record);
      if (read !== undefined) reads.push(read);
    };
    let later: LogRecord | undefined;
    for await (const record of log.backwards({ signal })) {
      add(record, later);
      later = record;
      const { sequence, writer, kind, readTo } = record;
      const isRecorded = sequence === recorded?.sequence && writer.attempt === recorded.attempt;
      // Before a fence that says nothing, an earlier version wrote, or nobody.
      if (isRecorded || (kind === 'fence' && readTo === undefined)) return reads.toReversed();
    }
    add(undefined, later);
    return reads.toReversed();
  }
}
