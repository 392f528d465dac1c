/**
 * ④ The commit log: small JSON objects, one per flush, each written with a conditional PUT under the next sequence. It
 * decides what exists: a part is visible once a record names it. When two writers want the same sequence, one gets it
 * and the other is fenced. Rules: docs/decisions/001-commit-log.md.
 */
import type { FoundGap } from '../core/gaps.ts';
import type { LogKeys } from '../contracts/storage/object-keys.ts';
import type {
  CommitRecord,
  FenceRecord,
  LogRecord,
  PartEntry,
  StoredEvents,
  Writer,
} from '../contracts/storage/log-record.ts';
import { isObject } from '../core/json.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { PipelineError } from '../contracts/errors.ts';
import { EMPTY_CURSOR } from '../core/stream-cursor.ts';
import type { StreamCursor } from '../core/stream-cursor.ts';
import type { ObjectStore, StoredObject } from '../store/object-store.ts';
import { persistently } from '../store/persistently.ts';
import type { Persistence } from '../store/persistently.ts';
import { readFieldsAfter, readFieldsOf } from './read-to.ts';
import type { ReadState } from './read-to.ts';
import { bronzeProblems } from './known-problems.ts';

/** What a flush makes visible. */
export interface Draft extends ReadState {
  readonly parts: readonly PartEntry[];
  readonly deadLetters: readonly StoredEvents[];
  readonly skipped: CommitRecord['skipped'];
  readonly cursor: StreamCursor;
  /** Latest `meta.dt` stored by this flush, epoch ms. */
  readonly storedToMs: number;
  readonly gaps?: readonly FoundGap[];
}

/** Another attempt has started a newer epoch, so this one must not write any more. */
export class FencedError extends PipelineError {
  readonly by: Writer;
  constructor(by: Writer, sequence: number, key: string) {
    super(
      bronzeProblems.fenced.shows({
        sequence: String(sequence),
        attempt: by.attempt,
        workflow: by.workflowId,
        run: by.runId,
      }),
      {
        code: 'fenced',
        op: 'commit',
        subject: key,
        retryable: false,
        hint: bronzeProblems.fenced.remedy,
      },
    );
    this.by = by;
  }
}

/** Records that are fetched in parallel when the log is read. */
const READ_AHEAD = 16;
/** A record of 500 hours and 500 gaps has a few hundred kB. */
const MAX_RECORD_BYTES = 8 << 20;
/** Records cached in memory: about 20 MB, a week of the stream with a flush every 30 s. */
const CACHED_RECORDS = 20_000;

export class CommitLog {
  readonly #store: ObjectStore;
  readonly #keys: LogKeys;
  readonly #writer: Writer;
  readonly #clock: () => number;
  /** The newest records in order, without holes; the last one is the tail. */
  readonly #newest: LogRecord[];
  /** Where reading resumed in this epoch. */
  readonly #resumed: StreamCursor;
  /** Sequence of this epoch's fence: all records of older attempts are below it. */
  readonly fence: number;

  private constructor(
    store: ObjectStore,
    keys: LogKeys,
    writer: Writer,
    clock: () => number,
    fence: FenceRecord,
  ) {
    this.#store = store;
    this.#keys = keys;
    this.#writer = writer;
    this.#clock = clock;
    this.#newest = [fence];
    this.fence = fence.sequence;
    this.#resumed = fence.cursor;
  }

  /**
   * Finds the end of the log and starts a new epoch there, so that no older attempt can commit any more.
   * `acknowledged` is the last sequence that the workflow was notified of. It shortens the listing. A log that has
   * expired completely resumes after it, because the workflow ignores notices up to that sequence.
   * @throws PipelineError `log_shortened` when the log exists but ends before `acknowledged`
   */
  static async open(
    store: ObjectStore,
    keys: LogKeys,
    writer: Writer,
    options: Persistence & { acknowledged?: number; clock?: () => number },
  ): Promise<CommitLog> {
    const clock = options.clock ?? Date.now;
    const { acknowledged = 0 } = options;
    const tail = await persistently(() => tailOf(store, keys, acknowledged), options);
    if (tail > 0 && tail < acknowledged) throw shortened(tail, acknowledged, keys);
    let sequence = Math.max(tail, acknowledged) + 1;
    for (;;) {
      const before = await persistently(() => readRecord(store, keys, sequence - 1), options);
      const fence: FenceRecord = {
        version: 1,
        sequence,
        epoch: sequence,
        kind: 'fence',
        previousEpoch: before?.epoch ?? 0,
        writer,
        at: new Date(clock()).toISOString(),
        cursor: before?.cursor ?? EMPTY_CURSOR,
        storedToMs: before?.storedToMs ?? 0,
        ...readFieldsOf(before),
      };
      const winner = await persistently(() => write(store, keys, fence), options);
      if (winner.writer.attempt === writer.attempt) return new CommitLog(store, keys, writer, clock, fence);
      // Another writer committed here in the meantime: try the next sequence.
      sequence += 1;
    }
  }

  /** The last record of this epoch. */
  get tail(): LogRecord {
    const last = this.#newest.at(-1);
    if (last === undefined) throw new Error('the log has lost its fence');
    return last;
  }

  /** The sequence that the next flush must use in the names of its parts. */
  get nextSequence(): number {
    return this.tail.sequence + 1;
  }

  /**
   * Makes a flush visible.
   * @throws FencedError when a newer epoch has started: the parts of the draft stay invisible
   */
  async commit(draft: Draft, persistence: Persistence): Promise<CommitRecord> {
    const record: CommitRecord = {
      version: 1,
      sequence: this.nextSequence,
      epoch: this.fence,
      kind: 'commit',
      writer: this.#writer,
      at: new Date(this.#clock()).toISOString(),
      parts: draft.parts,
      deadLetters: draft.deadLetters,
      skipped: draft.skipped,
      cursor: draft.cursor,
      storedToMs: Math.max(draft.storedToMs, this.tail.storedToMs),
      ...(draft.gaps !== undefined && draft.gaps.length > 0 && { gaps: draft.gaps }),
      ...readFieldsAfter(this.tail, draft, this.#resumed),
    };
    const winner = await persistently(() => write(this.#store, this.#keys, record), persistence);
    if (winner.writer.attempt !== this.#writer.attempt)
      throw new FencedError(winner.writer, record.sequence, this.#keys.keyOf(record.sequence));
    this.#newest.push(record);
    if (this.#newest.length > CACHED_RECORDS) this.#newest.shift();
    return record;
  }

  /** Records from the tail backwards, as far as they have not expired. */
  async *backwards(persistence: Persistence): AsyncGenerator<LogRecord> {
    let next = this.tail.sequence;
    while (next > 0) {
      const known = this.#known(next);
      if (known !== undefined) {
        yield known;
        next -= 1;
        continue;
      }
      const first = Math.max(1, next - READ_AHEAD + 1);
      const records = await this.#read(first, next, persistence);
      // All older records have expired.
      if (records.length === 0) return;
      const isWhole = records.length === next - first + 1 && this.#newest[0]?.sequence === next + 1;
      if (isWhole && this.#newest.length < CACHED_RECORDS) this.#newest.unshift(...records);
      yield* records.toReversed();
      next = first - 1;
    }
  }

  /** Commits from `first` to the fence in order, without expired ones. */
  async *commitsBeforeFence(first: number, persistence: Persistence): AsyncGenerator<CommitRecord> {
    const oldest = await persistently(() => oldestOf(this.#store, this.#keys), persistence);
    for (let from = Math.max(first, oldest); from < this.fence; from += READ_AHEAD) {
      const records = await this.#read(from, Math.min(from + READ_AHEAD, this.fence) - 1, persistence);
      for (const record of records) if (record.kind === 'commit') yield record;
    }
  }

  /** Fences from this epoch's backwards, as far as they have not expired. */
  async *fences(persistence: Persistence): AsyncGenerator<FenceRecord> {
    for (let sequence = this.fence; sequence > 0;) {
      const record = await this.record(sequence, persistence);
      if (record?.kind !== 'fence') return;
      yield record;
      sequence = record.previousEpoch;
    }
  }

  /** One record; undefined when it has expired. */
  async record(sequence: number, persistence: Persistence): Promise<LogRecord | undefined> {
    return (
      this.#known(sequence) ?? persistently(() => readRecord(this.#store, this.#keys, sequence), persistence)
    );
  }

  #known(sequence: number): LogRecord | undefined {
    return this.#newest[sequence - (this.#newest[0]?.sequence ?? 0)];
  }

  async #read(first: number, last: number, persistence: Persistence): Promise<LogRecord[]> {
    const sequences = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const records = await mapBounded(sequences, READ_AHEAD, sequence => this.record(sequence, persistence));
    return records.filter(record => record !== undefined);
  }
}

function shortened(tail: number, acknowledged: number, keys: LogKeys): PipelineError {
  return new PipelineError(
    bronzeProblems.logShortened.shows({ tail: String(tail), acknowledged: String(acknowledged) }),
    {
      code: 'log_shortened',
      op: 'open log',
      subject: keys.keyOf(acknowledged),
      retryable: false,
      hint: bronzeProblems.logShortened.remedy,
    },
  );
}

/**
 * Writes a record unless its sequence is taken; returns the record that has the sequence.
 * @throws PipelineError, `retryable` also when it is unclear who has the sequence
 */
async function write(store: ObjectStore, keys: LogKeys, record: LogRecord): Promise<LogRecord> {
  const key = keys.keyOf(record.sequence);
  const body = new TextEncoder().encode(JSON.stringify(record));
  if ((await store.putIfAbsent(key, body, { contentType: 'application/json' })) === 'created') return record;
  // It may be our own, from an earlier try whose response was lost.
  const found = await readRecord(store, keys, record.sequence);
  if (found !== undefined) return found;
  // Removed in between, or not visible to reads yet. The caller tries again, after a pause.
  throw new PipelineError(bronzeProblems.invisibleRecord.shows({ key }), {
    code: 'storage_unavailable',
    op: 'commit',
    subject: key,
    retryable: true,
    hint: bronzeProblems.invisibleRecord.remedy,
  });
}

/** Reads one record. @throws PipelineError `object_unreadable` when the object is not a record */
export async function readRecord(
  store: ObjectStore,
  keys: LogKeys,
  sequence: number,
): Promise<LogRecord | undefined> {
  if (sequence < 1) return undefined;
  const key = keys.keyOf(sequence);
  const object = await store.get(key, MAX_RECORD_BYTES);
  if (object === undefined) return undefined;
  const text = new TextDecoder().decode(object.body);
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    record = undefined;
  }
  if (!isRecord(record, sequence)) {
    throw await notARecord(store, key, sequence, { text, metadata: object.metadata });
  }
  return record;
}

/** Names the object and who wrote it, because somebody has to decide whether it is a damaged record or not ours. */
async function notARecord(
  store: ObjectStore,
  key: string,
  sequence: number,
  { text, metadata }: { readonly text: string; readonly metadata: StoredObject['metadata'] },
): Promise<PipelineError> {
  const origin = (await store.origin?.(key).catch(() => undefined)) ?? 'of unknown origin';
  const notes = Object.entries(metadata).map(([name, value]) => `${name}=${value}`);
  const about = notes.length === 0 ? '' : `, with metadata ${notes.join(', ').slice(0, 200)}`;
  const start = JSON.stringify(text.slice(0, 80));
  return new PipelineError(bronzeProblems.notARecord.shows({ key, origin, about, start }), {
    code: 'object_unreadable',
    op: 'read log',
    subject: key,
    retryable: false,
    hint: bronzeProblems.notARecord.remedy({ earlier: String(sequence - 1) }),
  });
}

function isRecord(value: unknown, sequence: number): value is LogRecord {
  if (!isObject(value)) return false;
  const { version, kind, sequence: own } = value;
  return version === 1 && own === sequence && (kind === 'fence' || kind === 'commit');
}

/** Highest sequence in the log; 0 when it is empty. */
async function tailOf(store: ObjectStore, keys: LogKeys, acknowledged: number): Promise<number> {
  let tail = 0;
  const after = acknowledged > 0 ? keys.keyOf(acknowledged) : undefined;
  for await (const page of store.list(keys.prefix, after)) {
    for (const key of page) tail = Math.max(tail, keys.sequenceOf(key) ?? 0);
  }
  if (tail > 0 || acknowledged === 0) return tail;
  // No later record: either it is the tail itself, or it is wrong and the whole log has to be listed.
  return (await store.get(keys.keyOf(acknowledged))) === undefined ? tailOf(store, keys, 0) : acknowledged;
}

/** Lowest sequence in the log; the oldest records expire first. */
async function oldestOf(store: ObjectStore, keys: LogKeys): Promise<number> {
  for await (const page of store.list(keys.prefix)) {
    for (const key of page) {
      const sequence = keys.sequenceOf(key);
      if (sequence !== undefined) return sequence;
    }
  }
  return 1;
}
