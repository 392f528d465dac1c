/**
 * Intake, seen events and commit log, wired as in the ingest engine but without stream, workflow and clock: the test
 * passes messages in and triggers flushes, and a crash loses everything except the store.
 */
import { flush } from '../../src/ingest/flush.ts';
import { Intake } from '../../src/ingest/intake.ts';
import type { IntakeRules } from '../../src/core/intake-rules.ts';
import type { CommitRecord, StoredEvents } from '../../src/contracts/storage/log-record.ts';
import type { DeadLetter } from '../../src/bronze/part-buffer.ts';
import type { StreamCursor } from '../../src/core/stream-cursor.ts';
import { identitiesIn, openPart } from '../../src/bronze/parts.ts';
import { CommitLog, readRecord } from '../../src/bronze/commit-log.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { SeenEvents } from '../../src/bronze/seen-events.ts';
import type { StreamMessage } from '../../src/source/stream/message-queue.ts';
import { storageDown } from './memory-object-store.ts';
import type { MemoryObjectStore } from './memory-object-store.ts';
import { LOG_KEYS, STREAM } from './stream.ts';

export const EDITS: IntakeRules = { judge: STREAM.judge, wikis: new Set() };

export interface RigOptions {
  readonly rules?: IntakeRules;
  /** Number of identities kept in memory. */
  readonly limit?: number;
  /** Where to start a stream that was never read. */
  readonly sinceMs?: number;
}

export class IntakeRig {
  readonly log: CommitLog;
  readonly seen: SeenEvents;
  readonly intake: Intake;
  readonly #store: ObjectStore;
  readonly #attempt: string;
  readonly #life: AbortController;
  #flushing: Promise<unknown> = Promise.resolve();

  private constructor(
    store: ObjectStore,
    attempt: string,
    log: CommitLog,
    life: AbortController,
    options: RigOptions,
  ) {
    const persistence = { signal: life.signal };
    this.#store = store;
    this.#attempt = attempt;
    this.#life = life;
    this.log = log;
    this.seen = new SeenEvents(log, ({ key }) => identitiesIn(store, key), persistence, options.limit);
    const begin = log.tail.cursor;
    const isFirst = Object.keys(begin.topics).length === 0 && begin.startMs === undefined;
    const { rules = EDITS, sinceMs } = options;
    const cursor = isFirst && sinceMs !== undefined ? { ...begin, startMs: sinceMs } : begin;
    this.intake = new Intake(rules, this.seen, cursor);
  }

  /** Starts an epoch on a store, new or used. */
  static async open(store: ObjectStore, options: RigOptions = {}): Promise<IntakeRig> {
    const life = new AbortController();
    const mortal = whileAlive(store, life.signal);
    const attempt = `a${Math.random().toString(36).slice(2)}`;
    const writer = { attempt, workflowId: 'ingest', runId: 'run' };
    const log = await CommitLog.open(mortal, LOG_KEYS, writer, { signal: life.signal });
    return new IntakeRig(mortal, attempt, log, life, options);
  }

  get cursor(): StreamCursor {
    return this.intake.cursor;
  }

  async take(message: StreamMessage, nowMs: number): Promise<void> {
    await this.intake.take(message, { nowMs, uptimeMs: nowMs });
  }

  /** Flushes everything taken in so far. */
  async flush(): Promise<CommitRecord> {
    await this.#flushing;
    const batch = this.intake.takeBatch();
    const target = {
      store: this.#store,
      log: this.log,
      attempt: this.#attempt,
      source: { url: 'http://test', simulated: true },
    };
    const record = await flush(batch, target, { signal: this.#life.signal });
    this.seen.committed(record, batch.buffer.identities);
    return record;
  }

  /** Starts a flush that runs while more is taken in; one at a time, as in the engine. */
  async beginFlush(): Promise<void> {
    await this.#flushing;
    this.#flushing = this.flush();
    this.#flushing.catch(() => undefined);
  }

  /** The process dies: from now on its operations on the store fail. */
  async crash(): Promise<void> {
    this.#life.abort();
    await this.#flushing.catch(() => undefined);
  }
}

/** The store as seen by a process that can die. */
function whileAlive(store: ObjectStore, life: AbortSignal): ObjectStore {
  const alive = (key: string): void => {
    if (life.aborted) throw storageDown(key, false);
  };
  return {
    putIfAbsent: async (key, body, options) => {
      alive(key);
      const outcome = await store.putIfAbsent(key, body, options);
      alive(key);
      return outcome;
    },
    get: async key => {
      alive(key);
      return store.get(key);
    },
    list: (prefix, after) => store.list(prefix, after),
    folders: prefix => store.folders(prefix),
    remove: async key => {
      alive(key);
      await store.remove(key);
    },
  };
}

/** Everything the log of a store has made visible. */
export interface Visible {
  readonly records: readonly CommitRecord[];
  /** Lines of all parts, in the order of the log. */
  readonly lines: readonly string[];
  readonly deadLetters: readonly DeadLetter[];
}

/** Reads a store as an outsider does: the records, and the objects they name. */
export async function visibleIn(store: MemoryObjectStore): Promise<Visible> {
  const records: CommitRecord[] = [];
  for await (const keys of store.list(LOG_KEYS.prefix)) {
    for (const key of keys) {
      const record = await readRecord(store, LOG_KEYS, LOG_KEYS.sequenceOf(key) ?? 0);
      if (record?.kind === 'commit') records.push(record);
    }
  }
  const linesOf = async (objects: readonly StoredEvents[]): Promise<string[]> => {
    const lines = await Promise.all(objects.map(({ key }) => readLines(store, key)));
    return lines.flat();
  };
  const letters = await linesOf(records.flatMap(record => record.deadLetters));
  return {
    records,
    lines: await linesOf(records.flatMap(record => record.parts)),
    deadLetters: letters.map(line => JSON.parse(line) as DeadLetter),
  };
}

async function readLines(store: ObjectStore, key: string): Promise<string[]> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of (await openPart(store, key)).chunks) pieces.push(chunk);
  const text = Buffer.concat(pieces).toString('utf8');
  if (!text.endsWith('\n')) throw new Error(`${key} does not end with a line end`);
  return text.slice(0, -1).split('\n');
}
